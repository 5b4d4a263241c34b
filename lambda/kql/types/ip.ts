import { type Address, parseAddress, parseNetwork } from '../ip-address.ts';
import { comparing, ok, textOf, unreadable, type ValueType } from './type.ts';

/** An IPv4 or IPv6 address; a query may name a CIDR block. */
export const ip: ValueType = {
  present: (value) => addressOf(value) !== undefined,
  equal(literal) {
    const text = textOf(literal);
    const network = parseNetwork(text);
    if (network === undefined) return unreadable(text, 'an address or a CIDR block');
    return ok((value) => {
      const found = addressOf(value);
      return found !== undefined && found >= network.first && found <= network.last;
    });
  },
  ordered(operator, text) {
    const bound = parseAddress(text);
    return bound === undefined ? unreadable(text, 'an address') : ok(comparing(operator, addressOf, bound));
  },
};

function addressOf(value: unknown): Address | undefined {
  return typeof value === 'string' ? parseAddress(value) : undefined;
}
