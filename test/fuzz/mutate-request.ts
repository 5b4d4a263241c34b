import type { Random } from '../chaos/random.ts';
import { mutatedBytes } from './mutate-bytes.ts';

const oids = [
  ...['0603550403', '060355040a', '0603551d11', '06092a864886f70d01090e', '06092a864886f70d010101'],
  ...['06082a8648ce3d030107', '06032b6570', '06072a8648ce3d0201', '06082a8648ce3d040302', '0603550403ff'],
] as const;
const identifiers = Buffer.from('0001020304050c1213141617181e1f3031a0818286873f7fff', 'hex');
const lengths = Buffer.from('0001027f8081828384ff', 'hex');
const textTokens = [
  ...['\n', '\r\n', '\r', ' ', '\t', ':', '=', '-', '-----BEGIN X-----\n', 'Proc-Type: 4,ENCRYPTED\n\n'],
  ...['\n-----END CERTIFICATE REQUEST-----\n', '-----BEGIN CERTIFICATE REQUEST-----\n', '\u0000', 'é', '*'],
] as const;

/**
 * Changes a certificate request: its DER, element by element or byte by byte, the PEM around it, or the base64 around
 * that.
 * @param request - base64 of PEM, as `spec.request`
 */
export function mutatedRequest(request: string, random: Random): string {
  const pem = Buffer.from(request, 'base64').toString('latin1');
  const der = Buffer.from(pem.replaceAll(/-----.*-----|\s/g, ''), 'base64');
  switch (random.int(0, 11)) {
    case 0:
      return changedText(request, random);
    case 1:
    case 2:
      return base64(changedText(pem, random));
    case 3:
      return base64(asPem(mutatedBytes(der, der, random).bytes));
    case 4:
      return base64(asPem(bomb(der, random)));
    default: {
      let changed: Buffer = der;
      for (let left = random.int(1, 3); left > 0; left -= 1) changed = changedElement(changed, random);
      return base64(random.chance(0.1) ? asPem(changed).replaceAll('\n', '\r\n') : asPem(changed));
    }
  }
}

const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64');

function asPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join('\n')}\n-----END CERTIFICATE REQUEST-----\n`;
}

function changedText(text: string, random: Random): string {
  const at = random.int(0, text.length);
  const put = random.pick(['\n', ...textTokens]);
  return text.slice(0, at) + (random.chance(0.2) ? '' : put) + text.slice(at + random.int(0, 2));
}

/** One element of DER with its offsets. */
interface Node {
  readonly at: number;
  readonly content: number;
  readonly end: number;
  /** The elements around it, from the outermost inward. */
  readonly around: readonly Node[];
}

/** The elements of DER, as far as they read. */
function nodesOf(der: Buffer, from = 0, to = der.length, around: readonly Node[] = []): Node[] {
  const nodes: Node[] = [];
  for (let at = from; at + 2 <= to && nodes.length < 500; ) {
    const first = der[at + 1] ?? 0;
    const count = first < 0x80 ? 0 : first & 0x7f;
    if (count > 4 || at + 2 + count > to) break;
    const length = count === 0 ? first : der.readUIntBE(at + 2, count);
    const content = at + 2 + count;
    const end = content + length;
    if (end > to) break;
    const node = { at, content, end, around };
    nodes.push(node);
    if (((der[at] ?? 0) & 0x20) !== 0) nodes.push(...nodesOf(der, content, end, [...around, node]));
    at = end;
  }
  return nodes;
}

/** Changes one element, and corrects the lengths around it: most mutations are still DER. */
function changedElement(der: Buffer, random: Random): Buffer {
  const nodes = nodesOf(der);
  // names and attributes come first: the key and the signature are long, and say less
  const node = nodes[Math.floor(random.next() ** 1.5 * nodes.length)];
  const other = nodes[random.int(0, Math.max(0, nodes.length - 1))];
  if (!node || !other) return der;
  const whole = der.subarray(node.at, node.end);
  const content = der.subarray(node.content, node.end);
  const tag = der[node.at] ?? 0;
  const put = (bytes: Buffer) => withElement(der, node, bytes);
  switch (random.int(0, 10)) {
    case 0:
      return put(Buffer.alloc(0));
    case 1:
      return put(Buffer.concat([whole, whole]));
    case 2:
      return put(der.subarray(other.at, other.end));
    case 3:
      return put(element(identifiers[random.int(0, identifiers.length - 1)] ?? 0, content));
    case 4:
      return put(
        element(
          tag,
          Buffer.concat([content, Buffer.from(random.pick(['00', 'ff', 'c3a9', 'eda080', '0000']), 'hex')]),
        ),
      );
    case 5:
      return put(element(tag, content.subarray(0, random.int(0, content.length))));
    case 6:
      return put(element(tag, whole));
    case 7:
      return put(Buffer.from(random.pick(['0500', ...oids]), 'hex'));
    case 8: {
      // the length in another form, or wrong
      const length = lengths[random.int(0, lengths.length - 1)] ?? 0;
      return put(Buffer.concat([Buffer.of(tag, length), content]));
    }
    case 9: {
      const changed: Buffer = Buffer.from(content);
      const at = random.int(0, Math.max(0, changed.length - 1));
      if (changed.length > 0) changed[at] = random.int(0, 255);
      return put(element(tag, changed));
    }
    default:
      return put(
        element(
          tag,
          Buffer.from(
            random.pick(['system:masters', 'a\u0000b', '*.a', '::1', 'a@b', '\u0100']),
            random.pick(['utf8', 'latin1', 'utf16le']),
          ),
        ),
      );
  }
}

function withElement(der: Buffer, { at, end, around }: Node, bytes: Buffer): Buffer {
  let inner = bytes;
  let [from, to] = [at, end];
  for (const outer of around.toReversed()) {
    const content = Buffer.concat([der.subarray(outer.content, from), inner, der.subarray(to, outer.end)]);
    inner = element(der[outer.at] ?? 0, content);
    [from, to] = [outer.at, outer.end];
  }
  return Buffer.concat([der.subarray(0, from), inner, der.subarray(to)]);
}

function element(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const octets =
    length < 0x80
      ? []
      : (length
          .toString(16)
          .replace(/^(?=(..)*.$)/, '0')
          .match(/../g) ?? []);
  const header =
    octets.length === 0
      ? [length]
      : [0x80 + octets.length, ...octets.map((octet) => Number.parseInt(octet, 16))];
  return Buffer.concat([Buffer.from([tag, ...header]), content]);
}

/** Many elements inside or behind each other, or lengths that promise gigabytes. */
function bomb(der: Buffer, random: Random): Buffer {
  const count = random.pick([10, 100, 20_000]);
  switch (random.int(0, 4)) {
    case 0:
      return Buffer.alloc(5 * count, Buffer.from('3083ffffff', 'hex'));
    case 1: {
      let inner: Buffer = Buffer.from('0500', 'hex');
      for (let level = 0; level < Math.min(count, 1_000); level += 1) inner = element(0x30, inner);
      return inner;
    }
    case 2:
      return changedAt(der, random, Buffer.alloc(2 * count, Buffer.from('3100', 'hex')));
    case 3:
      return changedAt(der, random, element(0x0c, Buffer.alloc(count, 'a')));
    default:
      return Buffer.concat([Buffer.from('3084ffffffff', 'hex'), der]);
  }
}

function changedAt(der: Buffer, random: Random, bytes: Buffer): Buffer {
  const nodes = nodesOf(der);
  const node = nodes[random.int(0, Math.max(0, nodes.length - 1))];
  return node ? withElement(der, node, bytes) : der;
}
