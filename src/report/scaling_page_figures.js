// What the page's charts show, made from the document in the element "data" (docs/reference/simulate_json.md): for each
// figure its lines or bars, and its axes. Lines are told apart by colour, dashes and markers, so that they can be told
// apart on paper too. scaling_page.js draws them.
"use strict";

window.addEventListener("error", (event) => {
    const trouble = document.getElementById("trouble");
    document.documentElement.dataset.error = event.message;
    trouble.textContent = `The charts could not be drawn (${event.message}). The tables below have all figures.`;
    trouble.hidden = false;
});

const element = (name) => document.getElementById(name);
// The index of what is chosen in a figure.
const choiceOf = (name) => Math.max(0, element(name).querySelector("select").selectedIndex);

const result = JSON.parse(element("data").textContent);

// Okabe and Ito's colours, without yellow, which is no colour on white.
const LOOKS = [
    { colour: "#0072b2", dash: [], marker: "circle", isHollow: false },
    { colour: "#d55e00", dash: [9, 4], marker: "rect", isHollow: false },
    { colour: "#009e73", dash: [2, 3], marker: "triangle", isHollow: false },
    { colour: "#b0548a", dash: [9, 3, 2, 3], marker: "rectRot", isHollow: false },
    { colour: "#000000", dash: [], marker: "circle", isHollow: true },
    { colour: "#e69f00", dash: [9, 4], marker: "rect", isHollow: true },
    { colour: "#56b4e9", dash: [2, 3], marker: "triangle", isHollow: true },
];
const IDEAL_LOOK = { colour: "#777777", dash: [5, 5], marker: null };
const THEORY_LOOK = { colour: "#000000", dash: [1, 3], marker: "crossRot" };
const MARKER_RADIUS = 4.5;
const TICKS_MAX = 12;

const lookOf = (curve) => LOOKS[curve % LOOKS.length];

// ---- numbers, as the terminal shows them

function threeDigits(value) {
    if (value === 0) return "0";
    if (value < 0.0005) return "<0.001";
    if (value < 0.9995) return value.toFixed(3);
    if (value < 9.995) return value.toFixed(2);
    return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}

function withUnit(value, units) {
    let unit = 0;
    let scaled = Math.abs(value);
    for (; scaled >= 999.5 && unit + 1 < units.length; ++unit) scaled /= 1000;
    return (value < 0 ? "-" : "") + threeDigits(scaled) + (scaled === 0 ? "" : units[unit]);
}

const humanNumber = (value) => withUnit(value, ["", "k", "M", "G", "T"]);
const humanDuration = (value) => withUnit(value, [" \u00b5s", " ms", " s"]);
const percent = (value) => `${value.toFixed(1)} %`;
const countOfCpus = (cpus) => (cpus === 1 ? "1 CPU" : `${cpus} CPUs`);
// A tick needs no digits that are zero.
const withoutZeros = (text) => text.replace(/(\.\d*?)0+(?=\D|$)/, "$1").replace(/\.(?=\D|$)/, "");

// ---- what is drawn

const cpuCounts = [...new Set(result.curves.flatMap((curve) => curve.points.map((point) => point.cpus)))]
    .sort((one, other) => one - other);

// A line's point; a value that is null leaves a gap.
const sample = (x, mean, halfWidth, note) => ({ x, y: mean, halfWidth, note });

function line(curve, index, data) {
    const look = lookOf(index);
    return {
        label: curve.title,
        curve: index,
        data,
        borderColor: look.colour,
        backgroundColor: look.colour,
        borderDash: look.dash,
        borderWidth: 2,
        pointStyle: look.marker,
        pointRadius: MARKER_RADIUS,
        pointHoverRadius: MARKER_RADIUS + 2,
        pointBackgroundColor: look.isHollow ? "#ffffff" : look.colour,
        pointBorderColor: look.colour,
        clip: 12,
    };
}

// One line for each organisation; `sampleOf` makes the sample of a point.
const lines = (sampleOf) =>
    result.curves.map((curve, index) => line(curve, index, curve.points.map((point) => sampleOf(point))));

const estimateLines = (name) =>
    lines((point) => sample(point.cpus, point[name].mean, point[name].half_width));

// What queueing theory says about the organisations about which it says something; `scaleOf` turns its throughput into
// what the chart shows.
function theoryLines(scaleOf) {
    const theory = [];
    result.curves.forEach((curve, index) => {
        const points = curve.points.filter((point) => point.theory !== null);
        if (points.length === 0) return;
        const data = points.map((point) => sample(point.cpus, point.theory * scaleOf(point), null));
        theory.push({
            ...line(curve, index, data),
            label: `${curve.title}: theory`,
            isTheory: true,
            borderDash: THEORY_LOOK.dash,
            borderWidth: 1,
            pointStyle: THEORY_LOOK.marker,
            pointRadius: MARKER_RADIUS + 1,
        });
    });
    return theory;
}

function idealLine() {
    const ends = [cpuCounts[0], cpuCounts[cpuCounts.length - 1]];
    return {
        label: "ideal",
        isIdeal: true,
        data: ends.map((cpus) => sample(cpus, cpus, null)),
        borderColor: IDEAL_LOOK.colour,
        borderDash: IDEAL_LOOK.dash,
        borderWidth: 1.5,
        pointRadius: 0,
        pointHoverRadius: 0,
        pointHitRadius: 0,
    };
}

function longestQueue(point) {
    return point.queues.reduce((longest, queue) =>
        (longest === null || queue.waiting.mean > longest.waiting.mean ? queue : longest), null);
}

function queueSample(point) {
    const queue = longestQueue(point);
    return queue === null ? sample(point.cpus, 0, null)
        : sample(point.cpus, queue.waiting.mean, queue.waiting.half_width, queue.name);
}

// Fills that differ in lightness and in their hatching.
const CPU_SHARES = [
    { name: "user", label: "user", colour: "#0072b2", hatching: "" },
    { name: "system", label: "system", colour: "#e69f00", hatching: "/" },
    { name: "lock_wait", label: "waiting for locks", colour: "#d55e00", hatching: "x" },
    { name: "idle", label: "idle", colour: "#eeeeee", hatching: "." },
];

// A square tile of a fill, to be repeated.
function tileOf({ colour, hatching }) {
    const size = 10;
    const tile = document.createElement("canvas");
    tile.width = tile.height = size;
    const context = tile.getContext("2d");
    context.fillStyle = colour;
    context.fillRect(0, 0, size, size);
    context.strokeStyle = context.fillStyle = hatching === "." ? "#666666" : "#111111";
    context.lineWidth = 1.2;
    // The strokes go beyond the corners, so that tiles fit together.
    const strokes = { "/": [[-1, 1, 1, -1], [-1, 11, 11, -1], [9, 11, 11, 9]], x: [[0, 0, 10, 10], [0, 10, 10, 0]] };
    for (const [fromX, fromY, toX, toY] of strokes[hatching] ?? []) {
        context.beginPath();
        context.moveTo(fromX, fromY);
        context.lineTo(toX, toY);
        context.stroke();
    }
    if (hatching === ".") context.fillRect(4, 4, 2, 2);
    return tile;
}

// The curves in the chart of CPU time: all side by side, or the chosen one.
function cpuTimeCurves() {
    const choice = choiceOf("cpu-time");
    return choice === 0 ? result.curves : [result.curves[choice - 1]];
}

// The place of a bar, or null for the gap between two organisations.
const cpuTimeBars = () =>
    cpuTimeCurves().flatMap((curve, index) =>
        [...(index === 0 ? [] : [null]), ...curve.points.map((point) => ({ curve, point }))]);

function cpuShareSample(bar, { name }) {
    if (bar === null) return sample(null, null, null);
    const { mean, half_width: halfWidth } = bar.point[name];
    return sample(bar.point.cpus, 100 * mean, halfWidth === null ? null : 100 * halfWidth, bar.curve.title);
}

function cpuShareBars() {
    return CPU_SHARES.map((share) => ({
        label: share.label,
        data: cpuTimeBars().map((bar) => cpuShareSample(bar, share)),
        backgroundColor: document.createElement("canvas").getContext("2d").createPattern(tileOf(share), "repeat"),
        borderColor: "#333333",
        borderWidth: 0.5,
        barPercentage: 0.95,
        categoryPercentage: 0.95,
        maxBarThickness: 70,
    }));
}

// Organisations under their bars are called by their titles when these are short enough to stand side by side.
const TITLES_LENGTH_MAX = 110;
const barsName = (curves) => (Math.max(...curves.map(({ title }) => title.length)) * curves.length > TITLES_LENGTH_MAX
    ? ({ id }) => id : ({ title }) => title);

// The number of CPUs under each bar, and the name of the organisation under the middle one.
function cpuTimeAxis() {
    const nameOf = barsName(cpuTimeCurves());
    const labels = cpuTimeCurves().flatMap((curve, index) => {
        const middle = Math.floor((curve.points.length - 1) / 2);
        const own = curve.points.map(({ cpus }, place) => [String(cpus), place === middle ? nameOf(curve) : ""]);
        return index === 0 ? own : [["", ""], ...own];
    });
    return {
        ...categoryAxis("CPUs"),
        labels,
        grid: { display: false },
        ticks: { autoSkip: false, maxRotation: 0 },
    };
}

const PERCENTILES = [["p99_us", "99 % wait at most"], ["p95_us", "95 % wait at most"], ["p50_us", "median"],
    ["max_us", "longest"]];

const latencyLines = () => lines((point) => {
    const [name] = PERCENTILES[choiceOf("dispatch")];
    return sample(point.cpus, point.dispatch.count > 0 ? point.dispatch[name] : null, null);
});

// ---- the histogram of the interactive process

const interactiveCpuCounts = cpuCounts.filter((cpus) => result.curves.some((curve) =>
    curve.points.some((point) => point.cpus === cpus && point.interactive_histogram.length > 0))).reverse();

function histogramOf(curve) {
    const point = curve.points.find(({ cpus }) => cpus === interactiveCpuCounts[choiceOf("interactive")]);
    return point === undefined ? [] : point.interactive_histogram;
}

// Columns from the first to the last in which some organisation has a wait.
function histogramColumns() {
    const filled = result.curves.flatMap((curve) =>
        histogramOf(curve).filter(({ count }) => count > 0).map((column) => column.up_to_us));
    const all = new Set(result.curves.flatMap((curve) => histogramOf(curve).map((column) => column.up_to_us)));
    return [...all].filter((time) => time >= Math.min(...filled) && time <= Math.max(...filled))
        .sort((one, other) => one - other);
}

function histogramLines() {
    const columns = histogramColumns();
    return result.curves.map((curve, index) => {
        const counts = new Map(histogramOf(curve).map(({ up_to_us, count }) => [up_to_us, count]));
        const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
        const data = total === 0 ? [] : columns.map((time) =>
            sample(humanDuration(time), 100 * (counts.get(time) ?? 0) / total, null));
        return { ...line(curve, index, data), stepped: "middle" };
    });
}

// ---- axes

let isLogarithmic = true;

function cpuAxis() {
    // Powers of two keep their distance on a logarithmic axis; on a linear one, the axis chooses.
    const isShown = (cpus) => cpuCounts.length <= TICKS_MAX || Number.isInteger(Math.log2(cpus));
    const shown = cpuCounts.filter(isShown);
    const last = cpuCounts[cpuCounts.length - 1];
    const axis = { title: { display: true, text: "CPUs" }, ticks: { callback: (value) => String(value) } };
    if (!isLogarithmic) return { ...axis, type: "linear", min: 0, max: last };
    return {
        ...axis,
        type: "logarithmic",
        min: cpuCounts[0],
        max: Math.max(last, cpuCounts[0] + 1),
        afterBuildTicks: (scale) => { scale.ticks = shown.map((value) => ({ value })); },
    };
}

// The steps 1, 2, 5, 10 ... of which the first is not above `low` and the last not below `high`.
function logarithmicSteps(low, high) {
    const steps = [];
    for (let decade = 10 ** Math.floor(Math.log10(low)); ; decade *= 10) {
        for (const factor of [1, 2, 5]) {
            const step = factor * decade;
            if (step <= low * 1.000001) steps.length = 0;
            steps.push(step);
            if (step >= high) return steps;
        }
    }
}

const powersOfTwo = (low, high) => {
    const first = Math.floor(Math.log2(low));
    return Array.from({ length: Math.ceil(Math.log2(high)) - first + 1 }, (_, index) => 2 ** (first + index));
};

function valueAxis(figure, datasets) {
    const axis = {
        title: { display: true, text: figure.valueTitle },
        ticks: { callback: (value) => withoutZeros(figure.format(value)) },
    };
    const values = datasets.flatMap((dataset) => dataset.data.map(({ y }) => y)).filter((value) => value > 0);
    if (figure.stepsOf === undefined || !isLogarithmic || values.length === 0)
        return { ...axis, type: "linear", beginAtZero: true, max: figure.valueMax };
    const steps = figure.stepsOf(Math.min(...values), Math.max(...values));
    const shown = steps.length > TICKS_MAX ? steps.filter((step) => Number.isInteger(Math.log10(step))) : steps;
    return {
        ...axis,
        type: "logarithmic",
        min: steps[0],
        max: steps[steps.length - 1],
        afterBuildTicks: (scale) => { scale.ticks = shown.map((value) => ({ value })); },
    };
}

const categoryAxis = (text) => ({ type: "category", title: { display: true, text } });

// ---- the figures: what each shows, and how

const hasAny = (condition) => result.curves.some((curve) => curve.points.some(condition));

const FIGURES = {
    "speed-up": {
        datasets: () => [
            ...estimateLines("speed_up"),
            // The throughput of one CPU is that by which the measured speed-up was divided.
            ...theoryLines((point) => point.speed_up.mean / point.throughput.mean),
            idealLine(),
        ],
        valueTitle: "speed-up",
        format: humanNumber,
        stepsOf: powersOfTwo,
    },
    throughput: {
        datasets: () => [...estimateLines("throughput"), ...theoryLines(() => 1)],
        valueTitle: "rounds per second",
        format: humanNumber,
        stepsOf: logarithmicSteps,
    },
    queue: {
        isShown: () => hasAny((point) => point.queues.some((queue) => queue.waiting.mean > 0)),
        datasets: () => lines(queueSample),
        valueTitle: "mean number that wait",
        format: humanNumber,
    },
    dispatch: {
        isShown: () => hasAny((point) => point.dispatch.count > 0),
        datasets: latencyLines,
        choices: () => PERCENTILES.map(([, title]) => title),
        valueTitle: "time",
        format: humanDuration,
        stepsOf: logarithmicSteps,
    },
    "cpu-time": {
        type: "bar",
        datasets: cpuShareBars,
        choices: () => ["all organisations", ...result.curves.map((curve) => curve.title)],
        isWide: () => cpuTimeCurves().length > 1,
        valueTitle: "% of CPU time",
        valueMax: 100,
        format: percent,
        axis: cpuTimeAxis,
    },
    interactive: {
        isShown: () => interactiveCpuCounts.length > 0,
        datasets: histogramLines,
        choices: () => interactiveCpuCounts.map(countOfCpus),
        valueTitle: "% of waits",
        format: percent,
        axis: () => categoryAxis("wait of at most"),
    },
};
