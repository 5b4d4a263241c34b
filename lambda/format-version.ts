/**
 * The version of what csrwatch stores and of what it sends to itself: items, requests to the function, inputs of a backfill
 * and of the canary. Instances of two releases share them during an upgrade and after a rollback, so each reads what the
 * other wrote:
 *
 * - A later version may add attributes. It never changes what an attribute means, and never needs one that it added.
 * - Whoever reads an item of a later version uses the attributes that it knows, and keeps the others.
 *
 * CONTRIBUTING.md states how a format changes; test/upgrade/ tries it.
 */
export const formatVersion = 1;
