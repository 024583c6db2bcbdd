// Draws the page's figures, lets their values be read, and reacts to the reader. Each figure says in its attribute
// data-drawn what was drawn. The address may say how the page begins: #axes=linear&hover=speed-up,1,3 shows the value
// of the fourth point of the second line.
"use strict";

const charts = {};
const hiddenCurves = new Set();

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
