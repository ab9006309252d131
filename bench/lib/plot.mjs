// The table as bars, one group a measure, each scaled to the largest of its group.

const COLOURS = [
  "#9aa0a6",
  "#0b57d0",
  "#6ea0f5",
  "#1f2f86",
  "#3c4043",
  "#137333",
  "#8e24aa",
  "#e37400",
  "#00838f",
  "#b3261e",
  "#7a5c00",
];
const COLUMNS = 6;
const ROW = 14;
const WIDTH = 960;
const LEFT = 340;

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

export function plot(table, names, tools) {
  const parts = [];
  let y = 20;
  const column = (WIDTH - 20) / COLUMNS;
  names.forEach((name, at) => {
    const x = Math.round(20 + (at % COLUMNS) * column);
    if (at && at % COLUMNS === 0) y += ROW + 4;
    parts.push(
      `<rect x="${x}" y="${y - 10}" width="10" height="10" fill="${COLOURS[at]}"/><text x="${x + 15}" y="${y}">${escaped(tools[name].title)}</text>`,
    );
  });
  y += 24;
  for (const { measure, middle } of table) {
    const most = Math.max(...names.map((name) => middle[name]).filter((value) => !Number.isNaN(value)), 1e-9);
    parts.push(`<text x="20" y="${y + ROW}" font-weight="bold">${escaped(measure)}</text>`);
    names.forEach((name, at) => {
      const value = middle[name];
      if (Number.isNaN(value)) return;
      const width = Math.max(1, (value / most) * (WIDTH - LEFT - 90));
      parts.push(
        `<rect x="${LEFT}" y="${y + 3}" width="${width.toFixed(1)}" height="${ROW - 4}" fill="${COLOURS[at]}"/><text x="${(LEFT + width + 6).toFixed(1)}" y="${y + ROW - 2}">${value >= 1000 ? Math.round(value) : value.toFixed(1)}</text>`,
      );
      y += ROW;
    });
    y += 10;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" font-family="system-ui, sans-serif" font-size="11"><rect width="100%" height="100%" fill="#fff"/>${parts.join("")}</svg>\n`;
}
