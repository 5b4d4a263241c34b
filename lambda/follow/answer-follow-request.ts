import type { Log } from '../log.ts';
import { namedMessageOf } from '../message-of.ts';
import type { FollowAnswer, ListedCertificate } from './follow-answer.ts';
import type { FollowRequest } from './follow-request.ts';
import type { FollowedCertificate } from './followed-certificate.ts';
import { readSubject, writeSubject } from './typed-subject.ts';
import { maxCertificates, type WatchTable } from './watch-list.ts';

/** A response of a function has at most 6 MB. */
const maxBytes = 5_500_000;
/** The bound of each text, lowered if the list would not fit into a response: a requester chooses most texts. */
const shownCharacters = [150, 40, 10] as const;

/** Answers a person's request. A failure is an answer too, so that the person sees it. */
export async function answerFollowRequest(
  request: FollowRequest,
  table: WatchTable,
  log: Log,
): Promise<FollowAnswer> {
  try {
    return await answer(request, table, log);
  } catch (error) {
    return { error: `The watch list did not respond: ${namedMessageOf(error)}` };
  }
}

async function answer(request: FollowRequest, table: WatchTable, log: Log): Promise<FollowAnswer> {
  switch (request.action) {
    case 'list':
      return { certificates: listed(await table.read()), limit: maxCertificates };
    case 'add': {
      const { certificate, reason } = request;
      const followed = await table.read();
      const isThere = followed.some((one) => one.certificate.sha256 === certificate);
      if (followed.length >= maxCertificates && !isThere)
        return { error: `The watch list is full: it holds ${maxCertificates} certificates.` };
      const added = await table.addByHand(followedByHand(request));
      log('info', 'certificate added by hand', { certificate, reason, added });
      return { added };
    }
    case 'remove': {
      const { certificate, reason } = request;
      const removed = await table.remove(certificate, reason);
      log('info', 'certificate removed by hand', { certificate, reason, removed });
      return { removed };
    }
  }
}

function followedByHand({
  certificate: sha256,
  reason,
  cluster,
  subject,
  until,
}: Extract<FollowRequest, { action: 'add' }>): FollowedCertificate {
  return {
    certificate: {
      sha256,
      ...(subject === undefined ? {} : { subject: readSubject(subject) }),
      ...(until === undefined ? {} : { notAfter: until }),
    },
    cluster: cluster ?? null,
    issuance: { reason },
  };
}

function listed(followed: readonly FollowedCertificate[]): ListedCertificate[] {
  let list: ListedCertificate[] = [];
  for (const characters of shownCharacters) {
    list = followed.map((one) => listedAs(one, characters));
    if (Buffer.byteLength(JSON.stringify(list)) <= maxBytes) break;
  }
  return list;
}

function listedAs(
  { certificate, cluster, issuance }: FollowedCertificate,
  characters: number,
): ListedCertificate {
  const cut = (text: string | null | undefined) => text?.slice(0, characters) ?? null;
  const { sha256, subject, notAfter } = certificate;
  const { csrName, requester, findingId, time, reason } = issuance;
  return {
    certificate: sha256,
    cluster: cut(cluster),
    subject: cut(subject && writeSubject(subject)),
    csrName: cut(csrName),
    requester: cut(requester),
    findingId: findingId ?? null,
    issued: time ?? null,
    until: notAfter ?? null,
    addedBy: reason === undefined ? 'finding' : 'hand',
    ...(reason === undefined ? {} : { reason: reason.slice(0, characters) }),
  };
}
