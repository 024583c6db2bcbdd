// Added to a page by the test that opens it in a browser: uses the page as a reader would, and writes what it sees.
"use strict";

const seen = document.createElement("pre");
seen.id = "probe";
const say = (text) => seen.append(text + "\n");
const figure = (name) => document.getElementById(name);
const drawn = (name) => figure(name).dataset.drawn;
const reading = () => document.getElementById("reading").textContent;

// Colours of a canvas that fill at least some pixels: axes, text, lines. One that was not drawn has one.
function colourCount(canvas) {
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    const counts = new Map();
    for (let at = 0; at < pixels.length; at += 4) {
        const colour = pixels.slice(at, at + 4).join();
        counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
    return [...counts.values()].filter((count) => count > 20).length;
}

for (const each of document.querySelectorAll("figure:not([hidden])"))
    say(`${each.id} is ${colourCount(each.querySelector("canvas")) >= 5 ? "coloured" : "empty"}`);

function press(name, key) {
    figure(name).querySelector("canvas").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}

press("speed-up", "ArrowRight");
press("speed-up", "ArrowRight");
say(`keys read ${reading()}`);

figure("speed-up").querySelectorAll(".legend button")[0]?.click();
say(`hidden: ${drawn("speed-up")}`);
figure("speed-up").querySelectorAll(".legend button")[0]?.click();
say(`shown: ${drawn("speed-up")}`);

const choice = figure("cpu-time").querySelector("select");
choice.selectedIndex = 1;
choice.dispatchEvent(new Event("change"));
say(`${figure("cpu-time").querySelector("h2").textContent} is ${drawn("cpu-time")}`);

document.querySelector('input[value="linear"]').click();
say(`linear: ${charts["speed-up"].scales.y.type}, ${drawn("speed-up")}`);
document.body.append(seen);
