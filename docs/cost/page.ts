import { assumptions } from './assumptions.ts';
import {
  billOfBackfill,
  billOfCanary,
  billOfEvents,
  billOfMonth,
  concurrency,
  otherBills,
  type Road,
  total,
  workOf,
} from './bill.ts';
import { notedOn, prices } from './prices.ts';

const roads: readonly Road[] = ['logs', 'logs, no pattern', 'objects'];
const fleets = [1, 100, 10_000] as const;
/** How much more than on average comes in the worst minutes of a day. */
const peak = 10;
const lambdaConcurrency = 1_000;

const blocks: Readonly<Record<string, () => string>> = {
  million: () => {
    const bills = roads.map((road) => billOfEvents(road, 1e6));
    const items = [...new Set(bills.flatMap(Object.keys))];
    return table(
      ['a million events', ...roads],
      [
        ['invocations', ...roads.map((road) => count(workOf(road, 1e6).invocations))],
        ['seconds of the function', ...roads.map((road) => count(workOf(road, 1e6).seconds))],
        ...items.map((item) => [
          item,
          ...bills.map((bill) => (item in bill ? dollars(bill[item] ?? 0) : '')),
        ]),
        ['**together**', ...bills.map((bill) => `**${dollars(total(bill))}**`)],
      ],
    );
  },
  months: () =>
    fleets
      .map((clusters) => {
        const bills = roads.map((road) => billOfMonth(road, clusters));
        const items = Object.keys(bills[0] ?? {});
        return table(
          [`${clusters.toLocaleString('en')} cluster${clusters === 1 ? '' : 's'}, a month`, ...roads],
          [
            ...items.map((item) => [item, ...bills.map((bill) => dollars(bill[item] ?? 0))]),
            ['**together**', ...bills.map((bill) => `**${dollars(total(bill))}**`)],
            ['a cluster', ...bills.map((bill) => dollars(total(bill) / clusters))],
          ],
        );
      })
      .join('\n'),
  operating: () =>
    (
      [
        ['a backfill of 10,000 objects', billOfBackfill(10_000)],
        ['a canary a day down two roads, a month', billOfCanary(2, 1)],
        ['a canary an hour down 80 roads, a month', billOfCanary(80, 24)],
      ] as const
    )
      .map(([what, bill]) =>
        table(
          [what, 'dollars'],
          [
            ...Object.entries(bill).map(([item, amount]) => [item, dollars(amount)]),
            ['**together**', `**${dollars(total(bill))}**`],
          ],
        ),
      )
      .join('\n'),
  others: () =>
    table(
      [
        'a month',
        ...fleets.map((clusters) => `${clusters.toLocaleString('en')} cluster${clusters === 1 ? '' : 's'}`),
      ],
      [
        ...Object.keys(otherBills(1)).map((name) => [
          name,
          ...fleets.map((clusters) => dollars(otherBills(clusters)[name] ?? 0)),
        ]),
        ...(['logs', 'objects'] as const).map((road) => [
          `csrwatch, ${road}`,
          ...fleets.map((clusters) => dollars(total(billOfMonth(road, clusters)))),
        ]),
      ],
    ),
  concurrency: () =>
    table(
      [
        '10,000 clusters',
        'invocations a second',
        'functions at a time',
        `at a peak of ${peak} times`,
        `${lambdaConcurrency.toLocaleString('en')} are used up at`,
      ],
      roads.map((road) => {
        const busy = concurrency(road, 10_000);
        const { invocations } = workOf(road, assumptions.eventsPerClusterDay.value * 10_000);
        const most = (lambdaConcurrency / (busy * peak)) * 10_000;
        return [
          road,
          count(invocations / 86_400),
          count(busy),
          count(busy * peak),
          `${Number(most.toPrecision(2)).toLocaleString('en')} clusters`,
        ];
      }),
    ),
  assumptions: () =>
    table(
      ['assumed', '', 'why'],
      Object.values(assumptions).map(({ value, what, why }) => [
        value < 0.01 ? `1 in ${(1 / value).toLocaleString('en')}` : value.toLocaleString('en'),
        what,
        why,
      ]),
    ),
  prices: () =>
    `Noted on ${notedOn}, from memory and from third parties' pages.\n\n${table(
      ['dollars', 'for a', 'where to check'],
      Object.values(prices).map(({ dollars: amount, per, source }) => [exact(amount), per, `<${source}>`]),
    )}`,
};

/** The page with every block between its marks computed anew. @throws Error where a mark is missing or unknown */
export function withCost(page: string): string {
  const seen = new Set<string>();
  const written = page.replace(
    /(<!-- cost: (\w+), written by `npm run docs` -->\n)[\s\S]*?(<!-- \/cost -->)/g,
    (_, start: string, name: string, end: string) => {
      const block = blocks[name];
      if (!block) throw new Error(`docs/cost.md: there is no block ${name}`);
      seen.add(name);
      return `${start}${block()}${end}`;
    },
  );
  const missing = Object.keys(blocks).filter((name) => !seen.has(name));
  if (missing.length > 0) throw new Error(`docs/cost.md: no place for ${missing.join(', ')}`);
  return written;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

/** Two digits that count, below a hundred dollars; a bill is no better known. */
function dollars(amount: number): string {
  if (amount === 0) return '$0';
  if (amount < 0.0001) return '< $0.0001';
  const digits = amount >= 100 ? 0 : amount >= 0.1 ? 2 : 4;
  return `$${amount.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

function exact(amount: number): string {
  return amount < 0.001 ? `${Number((amount * 1e6).toPrecision(6))} a million` : `${amount}`;
}

function count(amount: number): string {
  return amount.toLocaleString('en', { maximumSignificantDigits: 3 });
}
