// Draws the page's charts from the document in the element "data" (docs/reference/simulate_json.md). Lines are told
// apart by colour, dashes and markers, so that they can be told apart on paper too. Each figure says in its attribute
// data-drawn what was drawn. The address may say how the page begins: #axes=linear&hover=speed-up,1,3 shows the value
// of the fourth point of the second line.
"use strict";

window.addEventListener("error", (event) => {
    const trouble = document.getElementById("trouble");
    document.documentElement.dataset.error = event.message;
    trouble.textContent = `The charts could not be drawn (${event.message}). The tables below have all figures.`;
    trouble.hidden = false;
});

const result = JSON.parse(document.getElementById("data").textContent);

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

const element = (name) => document.getElementById(name);
const charts = {};
const hiddenCurves = new Set();

const choiceOf = (name) => Math.max(0, element(name).querySelector("select").selectedIndex);

// ---- reading values

function readingOf(figure, dataset, { y, halfWidth, note }) {
    const spread = halfWidth === null || halfWidth === undefined ? "" : ` \u00b1 ${figure.format(halfWidth)}`;
    return `${dataset.label}: ${figure.format(y)}${spread}${note === undefined ? "" : ` (${note})`}`;
}

const placeOf = (figure, x) => (figure === FIGURES.interactive ? `at most ${x}` : countOfCpus(x));

function tooltipOf(figure) {
    return {
        usePointStyle: true,
        callbacks: {
            title: ([item]) => (item === undefined ? "" : placeOf(figure, item.raw.x)),
            label: (item) => readingOf(figure, item.dataset, item.raw),
        },
        // The same words for those who do not see the chart.
        external: ({ tooltip }) => {
            if (tooltip.opacity === 0 || tooltip.body === undefined) return;
            element("reading").textContent =
                [...tooltip.title, ...tooltip.body.flatMap(({ lines: texts }) => texts)].join(", ");
        },
    };
}

function showPoint(name, datasetIndex, index) {
    const chart = charts[name];
    const active = [{ datasetIndex, index }];
    chart.setActiveElements(active);
    chart.tooltip.setActiveElements(active, { x: 0, y: 0 });
    chart.update();
}

function moveByKey(name, event) {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const chart = charts[name];
    const [active] = chart.getActiveElements();
    const readable = chart.data.datasets.map((_, index) => index)
        .filter((index) => chart.isDatasetVisible(index) && !chart.data.datasets[index].isIdeal);
    if (readable.length === 0) return;
    const clamp = (value, count) => Math.min(Math.max(value, 0), count - 1);
    const at = active === undefined ? 0 : Math.max(0, readable.indexOf(active.datasetIndex));
    const datasetIndex = readable[active === undefined ? 0 : clamp(at + step[0], readable.length)];
    const { data } = chart.data.datasets[datasetIndex];
    let index = active === undefined ? 0 : clamp(active.index + step[1], data.length);
    while (data[index] !== undefined && data[index].y === null) index += step[1] || 1;
    if (data[index] !== undefined) showPoint(name, datasetIndex, index);
}

// ---- drawing

// Bars from mean - half width to mean + half width.
const halfWidthBars = {
    id: "halfWidthBars",
    afterDatasetsDraw(chart) {
        if (chart.config.type === "bar") return;
        const { ctx: context, chartArea } = chart;
        chart.getSortedVisibleDatasetMetas().forEach((meta) => {
            const dataset = chart.data.datasets[meta.index];
            context.save();
            context.strokeStyle = dataset.borderColor;
            context.lineWidth = 1;
            meta.data.forEach(({ x }, index) => {
                const { y: mean, halfWidth } = dataset.data[index];
                if (!halfWidth || mean === null) return;
                const pixelOf = (value) => {
                    const pixel = chart.scales.y.getPixelForValue(value);
                    return Number.isFinite(pixel) ? Math.min(pixel, chartArea.bottom) : chartArea.bottom;
                };
                const [top, bottom] = [pixelOf(mean + halfWidth), pixelOf(mean - halfWidth)];
                if (bottom - top < 2 * MARKER_RADIUS) return;  // the marker hides it
                context.beginPath();
                context.moveTo(x, top);
                context.lineTo(x, bottom);
                for (const end of [top, bottom]) {
                    context.moveTo(x - 3, end);
                    context.lineTo(x + 3, end);
                }
                context.stroke();
            });
            context.restore();
        });
    },
};

// Says in the document what was drawn, for tests.
const drawnMark = {
    id: "drawnMark",
    afterDraw(chart) {
        const metas = chart.getSortedVisibleDatasetMetas();
        const points = metas.reduce((sum, meta) => sum + meta.data.length, 0);
        const figure = chart.canvas.closest("figure");
        figure.dataset.drawn = `${figure.id}: ${metas.length} series, ${points} points`;
    },
};

function isHidden(dataset) {
    return dataset.curve !== undefined && hiddenCurves.has(dataset.curve);
}

function contentOf(figure) {
    const datasets = figure.datasets().map((dataset) => ({ ...dataset, hidden: isHidden(dataset) }));
    const isStacked = figure.type === "bar";
    return {
        data: { datasets },
        scales: {
            x: { ...(figure.axis ?? cpuAxis)(), stacked: isStacked },
            y: { ...valueAxis(figure, datasets), stacked: isStacked },
        },
    };
}

function optionsOf(figure, scales) {
    return {
        scales,
        animation: false,
        layout: { padding: { top: 6, right: 14 } },
        maintainAspectRatio: false,
        // Paper has more dots than a screen.
        devicePixelRatio: Math.max(3, window.devicePixelRatio),
        interaction: { mode: "nearest", axis: "xy", intersect: false },
        plugins: { legend: { display: false }, tooltip: tooltipOf(figure) },
    };
}

function draw(name) {
    const figure = FIGURES[name];
    const { data, scales } = contentOf(figure);
    const chosen = element(name).querySelector(".chosen");
    if (chosen !== null) chosen.textContent = figure.choices()[choiceOf(name)];
    if (figure.isWide !== undefined) element(name).classList.toggle("wide", figure.isWide());
    drawLegend(name, data.datasets);
    if (charts[name] === undefined) {
        charts[name] = new Chart(element(name).querySelector("canvas"), {
            type: figure.type ?? "line",
            data,
            options: optionsOf(figure, scales),
            plugins: [halfWidthBars, drawnMark],
        });
        return;
    }
    charts[name].data = data;
    charts[name].options = optionsOf(figure, scales);
    charts[name].update();
}

const drawAll = () => Object.keys(charts).forEach(draw);

// ---- legends

const MARKER_PATHS = {
    circle: "M16 8m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0",
    rect: "M12.5 4.5h7v7h-7z",
    triangle: "M16 3l4.5 8h-9z",
    rectRot: "M16 3l5 5l-5 5l-5 -5z",
    crossRot: "M12.5 4.5l7 7m0 -7l-7 7",
};

// A piece of the line with its marker; drawn, not filled behind it, so that it is printed.
function lineSample({ colour, dash, marker, isHollow }) {
    const path = marker === null ? "" :
        `<path d="${MARKER_PATHS[marker]}" stroke="${colour}" fill="${isHollow ? "#fff" : colour}"/>`;
    const sampleSvg = document.createElement("span");
    sampleSvg.innerHTML = `<svg width="32" height="16" aria-hidden="true"><line x1="0" x2="32" y1="8" y2="8"
        stroke="${colour}" stroke-width="2" stroke-dasharray="${dash.join(" ")}"/>${path}</svg>`;
    return sampleSvg.firstElementChild;
}

function fillSample(share) {
    const image = document.createElement("img");
    image.src = tileOf(share).toDataURL();
    image.width = image.height = 14;
    image.alt = "";
    return image;
}

function legendButton(curve) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-pressed", String(!hiddenCurves.has(curve)));
    button.append(lineSample(lookOf(curve)), result.curves[curve].title);
    button.addEventListener("click", () => {
        const name = button.closest("figure").id;
        if (!hiddenCurves.delete(curve)) hiddenCurves.add(curve);
        drawAll();
        // The legend was made anew; who uses the keyboard stays where they were.
        element(name).querySelectorAll(".legend button")[curve].focus();
    });
    return button;
}

function drawLegend(name, datasets) {
    const entries = FIGURES[name].type === "bar" ? CPU_SHARES.map((share) => [fillSample(share), share.label])
        : result.curves.map((_, curve) => [legendButton(curve)]);
    if (datasets.some(({ isTheory }) => isTheory)) entries.push([lineSample(THEORY_LOOK), "queueing theory"]);
    if (datasets.some(({ isIdeal }) => isIdeal)) entries.push([lineSample(IDEAL_LOOK), "ideal"]);
    element(name).querySelector(".legend").replaceChildren(...entries.map((parts) => {
        const entry = document.createElement("li");
        entry.append(...parts);
        return entry;
    }));
}

// ---- the page

function prepare(name) {
    const figure = FIGURES[name];
    const select = element(name).querySelector("select");
    if (figure.choices !== undefined) {
        select.append(...figure.choices().map((title) => new Option(title)));
        select.addEventListener("change", () => draw(name));
    }
    const canvas = element(name).querySelector("canvas");
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "img");
    const title = element(name).querySelector("h2").firstChild.textContent.replace(/: *$/, "");
    canvas.setAttribute("aria-label", `${title}: chart.` +
        " Arrow keys read its values; the tables below have all of them.");
    canvas.addEventListener("keydown", (event) => moveByKey(name, event));
}

// Sizes in points of CSS: half and all of the width of a page in landscape format. Text is then as large on paper as it
// is meant to be.
const PAPER_WIDTH = 500;
const PAPER_WIDTH_WIDE = 1020;
const PAPER_HEIGHT = 250;

function fitToPaper() {
    for (const [name, chart] of Object.entries(charts)) {
        const isWide = element(name).classList.contains("wide");
        chart.resize(isWide ? PAPER_WIDTH_WIDE : PAPER_WIDTH, PAPER_HEIGHT);
    }
}

function chooseAxes(axes) {
    isLogarithmic = axes !== "linear";
    document.querySelector(`input[name="axes"][value="${isLogarithmic ? "logarithmic" : "linear"}"]`).checked = true;
    drawAll();
}

function followAddress() {
    const wishes = new URLSearchParams(window.location.hash.slice(1));
    if (wishes.has("axes")) chooseAxes(wishes.get("axes"));
    const [name, datasetIndex, index] = (wishes.get("hover") ?? "").split(",");
    if (charts[name] !== undefined) showPoint(name, Number(datasetIndex), Number(index));
}

function start() {
    Chart.defaults.color = "#111111";
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.font.size = 13;
    for (const [name, figure] of Object.entries(FIGURES)) {
        const isShown = result.curves.length > 0 && (figure.isShown ?? (() => true))();
        element(name).hidden = !isShown;
        if (!isShown) continue;
        prepare(name);
        draw(name);
    }
    for (const axes of document.querySelectorAll('input[name="axes"]'))
        axes.addEventListener("change", () => chooseAxes(axes.value));
    window.addEventListener("beforeprint", fitToPaper);
    window.addEventListener("afterprint", () => Object.values(charts).forEach((chart) => chart.resize()));
    window.addEventListener("hashchange", followAddress);
    followAddress();
    document.documentElement.dataset.state = "drawn";
}

start();
