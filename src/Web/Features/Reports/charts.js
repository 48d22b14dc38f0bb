// What /stats draws with ECharts: on a canvas, in the page's colours, tooltips as text (the content security policy allows no inline style).
// Every chart is also a table below it; the drawing is hidden from screen readers.

import { shareWords } from '../../js/kernel/ask.js';
import { span } from '../../js/case/clock.js';
import { init } from '../../lib/echarts/echarts.js';
import { onTheme, token } from '../../js/kernel/theme.js';
import { w } from '../../js/kernel/words.js';

/** @typedef {import('../../js/contracts.js').RatesLine} RatesLine */
/** @typedef {import('../../js/contracts.js').ArrivalsView} ArrivalsView */
/** @typedef {import('../../js/contracts.js').AnswerTimesView} AnswerTimesView */

const PARTS = /** @type {const} */ (['reach', 'human', 'department', 'pause']);
/** Where the time went: the only thing these colours say, anywhere. */
const PART_COLOURS = ['series-1', 'series-2', 'series-4', 'series-3'];
/** The levels are as dark as they are grave, as on their badges. */
const LEVEL_COLOURS = ['ink', 'soft', 'line-strong'];
/** The rates differ by shape, all in ink. */
const SHAPES = /** @type {const} */ (['circle', 'rect', 'triangle']);
export const LEVELS = /** @type {const} */ (['S1', 'S2', 'S3']);
export const BINS = 12;
/** The first bin of late answers. */
const LATE = 10;
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The charts drawn so far, and how to redraw each. @type {Map<string, {chart: any, option: () => object}>} */
const drawn = new Map();

/** In pixels: what the name of a row needs, and what stands above and below the rows. */
const ROW = 22;
const FRAME = 90;

/**
 * @param {string} id of its element @param {() => object} option rebuilt for each theme @param {(point: any) => string|null} leadsTo the rows behind a point
 * @param {number} [rows] how many rows it has to name
 */
export function draw(id, option, leadsTo, rows = 0) {
  const element = /** @type {HTMLElement} */ (document.getElementById(id));
  if (rows > 0) element.style.minHeight = `${rows * ROW + FRAME}px`;
  let one = drawn.get(id);
  if (!one) {
    one = { chart: init(element, null, { renderer: 'canvas' }), option };
    drawn.set(id, one);
    const { chart } = one;
    new ResizeObserver(() => chart.resize()).observe(element);
  }
  one.option = option;
  one.chart.off('click');
  one.chart.on('click', (/** @type {any} */ point) => {
    const address = leadsTo(point);
    if (address) location.assign(address);
  });
  one.chart.setOption(option(), true);
}

onTheme(() => { for (const one of drawn.values()) one.chart.setOption(one.option(), true); });

/** What all charts share. */
const ground = () => ({
  animation: !calm,
  animationDuration: 180,
  textStyle: { fontFamily: token('font'), fontSize: 14, color: token('ink') },
  tooltip: { renderMode: 'richText', confine: true, backgroundColor: token('card'), borderColor: token('line-strong'), textStyle: { color: token('ink'), fontSize: 15 } },
  grid: { left: 12, right: 24, top: 40, bottom: 12, containLabel: true },
});

/** @param {string[]} [data] */
const names = (data) => ({ type: 'category', data, axisTick: { show: false }, axisLine: { lineStyle: { color: token('line-strong') } }, axisLabel: { color: token('ink'), fontSize: 14 } });

/** The names of rows, every one of them. @param {string[]} data */
const rowNames = (data) => { const axis = names(data); return { ...axis, axisLabel: { ...axis.axisLabel, interval: 0 }, inverse: true }; };

/** @param {object} [more] */
const values = (more) => ({ type: 'value', axisLabel: { color: token('soft'), fontSize: 14 }, splitLine: { lineStyle: { color: token('line') } }, ...more });

/** @param {typeof SHAPES[number]} shape @param {number} x @param {number} y @param {string} fill */
const mark = (shape, x, y, fill) => (shape === 'circle' ? { type: 'circle', shape: { cx: x, cy: y, r: 4.5 }, style: { fill } }
  : shape === 'rect' ? { type: 'rect', shape: { x: x - 4, y: y - 4, width: 8, height: 8 }, style: { fill } }
    : { type: 'polygon', shape: { points: [[x, y - 5], [x + 5, y + 4], [x - 5, y + 4]] }, style: { fill } });

/** The response, solved and satisfied rates of groups, each with its interval. @param {RatesLine[]} groups @param {(line: RatesLine) => string} nameOf */
export function rates(groups, nameOf) {
  const kinds = /** @type {const} */ (['response', 'solved', 'satisfied']);
  const series = kinds.map((kind, i) => ({
    name: w('ui.rate.' + kind), type: 'custom', itemStyle: { color: token('ink') }, encode: { x: [1, 2, 3], y: 0 }, z: 10,
    data: groups.map((group, at) => [at, ...[group[kind].value, group[kind].low, group[kind].high].map((n) => (n ?? NaN) * 100), group[kind].of]),
    renderItem: (/** @type {any} */ _, /** @type {any} */ api) => {
      const at = api.value(0);
      if (Number.isNaN(api.value(1))) return null;
      const [x, y] = api.coord([api.value(1), at]);
      const shift = (i - 1) * 8;
      const [low] = api.coord([api.value(2), at]);
      const [high] = api.coord([api.value(3), at]);
      const colour = token('ink');
      return { type: 'group', children: [
        { type: 'line', shape: { x1: low, y1: y + shift, x2: high, y2: y + shift }, style: { stroke: colour, lineWidth: 3, opacity: 0.45 } },
        mark(SHAPES[i], x, y + shift, colour)] };
    },
    tooltip: { formatter: (/** @type {any} */ point) => w('ui.stats.rateTip', nameOf(groups[point.value[0]]), point.seriesName, point.value[1].toFixed(1), point.value[2].toFixed(0), point.value[3].toFixed(0), point.value[4]) },
  }));
  return { ...ground(), legend: { top: 4, itemGap: 24, data: series.map(({ name }, i) => ({ name, icon: SHAPES[i] })), textStyle: { color: token('ink'), fontSize: 15 } }, xAxis: values({ min: 0, max: 100, axisLabel: { formatter: '{value} %', color: token('soft'), fontSize: 14 } }), yAxis: rowNames(groups.map(nameOf)), series };
}

/** Whistles by category and hour. @param {ArrivalsView[]} arrivals @param {(one: ArrivalsView) => string} nameOf */
export function arrivals(arrivals, nameOf) {
  const data = arrivals.flatMap((one, y) => one.hours.map((count, hour) => [hour, y, count]));
  return {
    ...ground(), grid: { left: 12, right: 84, top: 12, bottom: 12, containLabel: true },
    xAxis: { ...names(Array.from({ length: 24 }, (_, hour) => String(hour))), splitArea: { show: false } }, yAxis: rowNames(arrivals.map(nameOf)),
    visualMap: { min: 0, max: Math.max(1, ...data.map((point) => point[2])), calculable: false, orient: 'vertical', right: 4, text: [w('ui.stats.most'), '0'], top: 'center', itemHeight: 160, textStyle: { color: token('soft') }, inRange: { color: [0, 1, 2, 3, 4].map((n) => token('heat-' + n)) } },
    series: [{ type: 'heatmap', data, label: { show: true, color: token('ink'), textBorderColor: token('card'), textBorderWidth: 2, fontSize: 13, formatter: (/** @type {any} */ point) => (point.value[2] > 0 ? String(point.value[2]) : '') }, itemStyle: { borderWidth: 2, borderColor: token('card'), borderRadius: 4 },
      tooltip: { formatter: (/** @type {any} */ point) => w('ui.stats.arrivalTip', nameOf(arrivals[point.value[1]]), point.value[0], point.value[0] + 1, point.value[2]) } }],
  };
}

/** The limit line between two bars: a category axis only knows the centres of its bars, so the line is drawn by hand. */
const limitLine = () => ({
  type: 'custom', silent: true, z: 10, encode: { x: 0, y: 1 }, data: [[LATE, 0]],
  renderItem: (/** @type {any} */ params, /** @type {any} */ api) => {
    const x = (api.coord([LATE - 1, 0])[0] + api.coord([LATE, 0])[0]) / 2;
    const { y, height } = params.coordSys;
    return { type: 'group', children: [
      { type: 'line', shape: { x1: x, y1: y, x2: x, y2: y + height }, style: { stroke: token('red-mark'), lineWidth: 2 } },
      { type: 'text', style: { text: w('ui.stats.limit'), x, y: y - 4, align: 'center', verticalAlign: 'bottom', fill: token('red'), fontSize: 14, fontFamily: token('font') } }] };
  },
});

/** How much of their limit the answers of one kind took; right of the line they were late. @param {AnswerTimesView[]} lines of one kind, by level */
export function answers(lines) {
  return {
    ...ground(), legend: { top: 4, itemGap: 24, data: LEVELS.map((level) => w('ui.level.' + level)), textStyle: { color: token('ink'), fontSize: 15 } },
    xAxis: { ...names(Array.from({ length: BINS }, (_, bin) => shareWords(bin))), axisLabel: { color: token('ink'), fontSize: 13, interval: 0, formatter: (/** @type {string} */ _, /** @type {number} */ bin) => (bin > LATE ? '…' : bin === LATE ? '200' : String(bin * 10 + 10)) } }, yAxis: values({ minInterval: 1 }),
    series: [...LEVELS.map((level, i) => ({
      name: w('ui.level.' + level), type: 'bar', stack: 'all', itemStyle: { color: token(LEVEL_COLOURS[i]) }, barCategoryGap: '18%', data: lines.find((line) => line.level === level)?.bins ?? [],
      tooltip: { formatter: (/** @type {any} */ point) => w('ui.stats.answerTip', point.seriesName, point.name, point.value) },
    })), limitLine()],
  };
}

/** Where the minutes went: waiting for someone, people, departments, and pauses. @param {RatesLine[]} groups @param {(line: RatesLine) => string} nameOf */
export function minutes(groups, nameOf) {
  const longest = Math.max(0, ...groups.map((group) => PARTS.reduce((sum, part) => sum + group.time[part], 0)));
  const short = longest < 2 * 3_600;
  const seconds = short ? 60 : 3_600;
  return {
    ...ground(), legend: { top: 4, itemGap: 24, textStyle: { color: token('ink'), fontSize: 15 } }, xAxis: values({ axisLabel: { formatter: w(short ? 'ui.stats.minutesAxis' : 'ui.stats.hoursAxis'), color: token('soft'), fontSize: 14 } }), yAxis: rowNames(groups.map(nameOf)),
    series: PARTS.map((part, i) => ({
      name: w('ui.part.' + part), type: 'bar', stack: 'all', itemStyle: { color: token(PART_COLOURS[i]) }, barMaxWidth: 26, data: groups.map((group) => group.time[part] / seconds),
      tooltip: { formatter: (/** @type {any} */ point) => w('ui.stats.minuteTip', point.name, point.seriesName, span(point.value * seconds * 1_000)) },
    })),
  };
}
