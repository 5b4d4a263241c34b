import type { Row } from './throughput.ts';

const width = 760;
const barHeight = 26;
const left = 250;
const right = 110;

/** Decompressed megabytes per second on the gzip, one bar each, as SVG that is readable on light and dark pages. */
export function chart(rows: readonly Row[]): string {
  const shown = rows
    .filter(({ input }) => input === 'gzip')
    .map(({ name, megabytes, seconds }) => ({ name, megabytesPerSecond: megabytes / seconds }))
    .sort((a, b) => b.megabytesPerSecond - a.megabytesPerSecond);
  const most = Math.max(...shown.map(({ megabytesPerSecond }) => megabytesPerSecond), 1);
  const height = shown.length * (barHeight + 10) + 50;
  const bars = shown.map(({ name, megabytesPerSecond }, index) => {
    const y = 40 + index * (barHeight + 10);
    const length = ((width - left - right) * megabytesPerSecond) / most;
    const color = name === 'csrwatch' ? '#d9480f' : '#868e96';
    return `  <text x="${left - 10}" y="${y + 18}" text-anchor="end">${name.replaceAll('&', '&amp;')}</text>
  <rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" fill="${color}"/>
  <text x="${(left + length + 8).toFixed(1)}" y="${y + 18}">${megabytesPerSecond.toFixed(0)} MB/s</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="14">
  <title>Audit logs searched, decompressed megabytes per second, gzip</title>
  <rect width="${width}" height="${height}" fill="#ffffff"/>
  <text x="10" y="24" font-weight="bold">Audit logs searched, decompressed megabytes per second, gzip</text>
${bars.join('\n')}
</svg>
`;
}
