// The map: a picture of who is seen to know whom. Everything it shows also stands in the tables and lists of the page.
//
// Fifty thousand lines take a fifth of a second to draw without a graphics card. So they are drawn a few hundred at a
// time onto a sheet aside, while what is seen moves as one picture; when the hand rests, the sheet is drawn anew.
"use strict";

const canvas = document.getElementById("map");
const about = document.getElementById("about");
const state = document.getElementById("state");
const dark = matchMedia("(prefers-color-scheme: dark)");

const GHOST = 3; // years after its last sighting in which a tie is still shown
const BUDGET = 7; // milliseconds of drawing in one frame
const MARGIN = 0.25; // of the sheet around what is seen
const MOST_LABELS = 70;
const REST = 120; // milliseconds without movement before the sheet is drawn anew

const counted = (number) => number.toLocaleString(document.documentElement.lang);

const begin = (data) => {
  const size = data.id.length;
  const ties = data.a.length;
  const context = canvas.getContext("2d");
  const camera = { x: 0, y: 0, k: 1 };
  let [width, height, scale] = [0, 0, 1];
  let year = Infinity;
  let chosen = -1;
  let pointed = -1;
  let way = [];
  let ink = {};

  // Ties by the world that they lie in, strong ones apart, so that colours change seldom while they are drawn.
  const bucketOf = (tie) => {
    const world = data.world[data.a[tie]];
    return 2 * (world >= 0 && world === data.world[data.b[tie]] ? world + 1 : 0) + (data.strength[tie] >= 40 ? 1 : 0);
  };
  const order = Array.from({ length: ties }, (_, tie) => tie).sort((one, other) => bucketOf(one) - bucketOf(other));
  const neighbours = Array.from({ length: size }, () => []);
  for (let tie = 0; tie < ties; tie += 1) {
    neighbours[data.a[tie]].push(tie);
    neighbours[data.b[tie]].push(tie);
  }
  const byWorth = Array.from({ length: size }, (_, one) => one).sort(
    (one, other) => data.tie[other] + neighbours[other].length / 4 - data.tie[one] - neighbours[one].length / 4,
  );
  const worlds = data.worlds.map((name, number) => ({ name, number, people: 0, x: 0, y: 0 }));
  for (let one = 0; one < size; one += 1) {
    const world = worlds[data.world[one]];
    if (!world) continue;
    world.people += 1;
    world.x += data.x[one];
    world.y += data.y[one];
  }
  for (const world of worlds) {
    world.x /= world.people;
    world.y /= world.people;
  }

  const colour = (world, alpha) =>
    world < 0 ? `hsl(35 8% ${dark.matches ? 65 : 45}% / ${alpha})` : `hsl(${(165 + world * 137.5) % 360} 42% ${dark.matches ? 68 : 38}% / ${alpha})`;
  const dress = () => {
    // A token holds the colours of both themes, and only an element that wears it knows which one counts.
    const probe = document.body.appendChild(document.createElement("i"));
    const worn = (name) => {
      probe.style.color = `var(--${name})`;
      return getComputedStyle(probe).color;
    };
    ink = Object.fromEntries(["ink", "soft", "accent", "sheet", "warm"].map((name) => [name, worn(name)]));
    probe.remove();
    ink.sans = getComputedStyle(document.body).fontFamily;
    ink.serif = getComputedStyle(document.querySelector("h1")).fontFamily;
  };

  const tieShows = (tie) => data.first[tie] <= year && (year === Infinity || data.last[tie] >= year - GHOST);
  const knownThen = (one) => data.tie[one] > 0 && data.tie_first[one] <= year && (year === Infinity || data.tie_last[one] >= year - GHOST);
  let shown = new Uint8Array(size).fill(1);
  const reckon = () => {
    shown = new Uint8Array(size);
    for (let one = 0; one < size; one += 1) if (knownThen(one)) shown[one] = 1;
    for (let tie = 0; tie < ties; tie += 1) if (tieShows(tie)) shown[data.a[tie]] = shown[data.b[tie]] = 1;
  };

  // --- the sheet aside
  const unit = () => 0.46 * Math.min(width, height);
  const radius = (one, k) => (1.6 + (data.tie[one] / 100) * 4.2) * Math.min(2.2, Math.max(0.75, Math.sqrt(k)));
  const papers = [document.createElement("canvas"), document.createElement("canvas")]; // one is seen, one drawn on
  let sheet = null;
  let drawing = null;
  let again = false; // what is drawn is of a year gone by

  const startSheet = () => {
    const paper = papers.find((one) => one !== sheet?.paper);
    const [wide, high] = [width * (1 + 2 * MARGIN), height * (1 + 2 * MARGIN)];
    const [across, down] = [Math.max(1, Math.round(wide * scale)), Math.max(1, Math.round(high * scale))];
    const pen = paper.getContext("2d");
    if (paper.width !== across || paper.height !== down) [paper.width, paper.height] = [across, down];
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, across, down);
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    drawing = { paper, pen, camera: { ...camera }, wide, high, at: 0, person: size };
    again = false;
    if (sheet === null) sheet = drawing;
  };
  const place = (drawn, one) => [
    drawn.wide / 2 + (data.x[one] - drawn.camera.x) * unit() * drawn.camera.k,
    drawn.high / 2 + (data.y[one] - drawn.camera.y) * unit() * drawn.camera.k,
  ];
  const drawSome = () => {
    const until = performance.now() + BUDGET;
    const { pen, wide, high } = drawing;
    const factor = unit() * drawing.camera.k;
    const [left, top] = [wide / 2 - drawing.camera.x * factor, high / 2 - drawing.camera.y * factor];
    while (drawing.at < ties && performance.now() < until) {
      const bucket = bucketOf(order[drawing.at]);
      const strong = bucket % 2;
      const within = bucket > 1;
      pen.strokeStyle = colour((bucket - strong) / 2 - 1, (strong ? 0.3 : 0.11) * (within ? 1 : 0.5));
      pen.lineWidth = strong ? 0.9 : 0.5;
      pen.beginPath();
      for (let count = 0; count < 400 && drawing.at < ties; drawing.at += 1) {
        const tie = order[drawing.at];
        if (bucketOf(tie) !== bucket) break;
        if (!tieShows(tie)) continue;
        const [a, b] = [data.a[tie], data.b[tie]];
        const [ax, ay, bx, by] = [left + data.x[a] * factor, top + data.y[a] * factor, left + data.x[b] * factor, top + data.y[b] * factor];
        if ((ax < 0 && bx < 0) || (ay < 0 && by < 0) || (ax > wide && bx > wide) || (ay > high && by > high)) continue;
        pen.moveTo(ax, ay);
        pen.lineTo(bx, by);
        count += 1;
      }
      pen.stroke();
    }
    while (drawing.at >= ties && drawing.person > 0 && performance.now() < until) drawPeople(200);
    if (drawing.at < ties || drawing.person > 0 || performance.now() >= until) return;
    drawLabels();
    sheet = drawing;
    drawing = null;
    if (again) startSheet();
    canvas.dataset.drawn = String(Number(canvas.dataset.drawn || 0) + 1);
  };
  const drawPeople = (count) => {
    const { pen, wide, high } = drawing;
    for (let left = count; left > 0 && drawing.person > 0; left -= 1) {
      drawing.person -= 1; // the nearest last, on top
      const one = byWorth[drawing.person];
      if (!shown[one]) continue;
      const [x, y] = place(drawing, one);
      if (x < -9 || y < -9 || x > wide + 9 || y > high + 9) continue;
      pen.beginPath();
      pen.arc(x, y, radius(one, drawing.camera.k), 0, 7);
      pen.fillStyle = colour(data.world[one], data.tie[one] ? 0.95 : 0.45);
      pen.fill();
    }
  };
  const drawLabels = () => {
    const { pen, wide, high } = drawing;
    const taken = [];
    const free = (box) => taken.every((other) => box[0] > other[2] || box[2] < other[0] || box[1] > other[3] || box[3] < other[1]);
    const write = (text, x, y, font, size_, fill) => {
      pen.font = `${size_}px ${font}`;
      const half = pen.measureText(text).width / 2;
      const box = [x - half - 3, y - size_, x + half + 3, y + size_ * 0.4];
      if (box[2] < 0 || box[0] > wide || box[3] < 0 || box[1] > high || !free(box)) return;
      taken.push(box);
      pen.textAlign = "center";
      pen.lineWidth = 3.5;
      pen.lineJoin = "round";
      pen.strokeStyle = ink.sheet;
      pen.strokeText(text, x, y);
      pen.fillStyle = fill;
      pen.fillText(text, x, y);
    };
    for (const world of worlds) {
      if (!world.name || world.people < 3) continue;
      const x = wide / 2 + (world.x - drawing.camera.x) * unit() * drawing.camera.k;
      const y = high / 2 + (world.y - drawing.camera.y) * unit() * drawing.camera.k;
      const big = Math.min(24, 10 + Math.sqrt(world.people) * 0.7) * Math.min(1.3, Math.sqrt(drawing.camera.k));
      if (world.people * drawing.camera.k * drawing.camera.k > size / 60) write(world.name, x, y, ink.serif, big, colour(world.number, 1));
    }
    let tries = 0;
    for (const one of byWorth) {
      if (taken.length > MOST_LABELS || tries > 40 * drawing.camera.k ** 2) break;
      if (!shown[one]) continue;
      const [x, y] = place(drawing, one);
      if (x <= 0 || y <= 0 || x >= wide || y >= high) continue;
      tries += 1;
      write(data.name[one], x, y - radius(one, drawing.camera.k) - 4, ink.sans, 12, ink.ink);
    }
  };

  // --- what is seen
  let asked = false;
  let moved = 0;
  const look = () => {
    if (!asked) requestAnimationFrame(frame);
    asked = true;
  };
  const frame = (now) => {
    asked = false;
    if (!drawing && moved && now - moved > REST) {
      moved = 0;
      startSheet();
    }
    if (drawing) drawSome();
    show();
    if (drawing || moved) look();
  };
  const show = () => {
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    if (!sheet) return;
    const ratio = camera.k / sheet.camera.k;
    const x = width / 2 + (sheet.camera.x - camera.x) * unit() * camera.k - (sheet.wide / 2) * ratio;
    const y = height / 2 + (sheet.camera.y - camera.y) * unit() * camera.k - (sheet.high / 2) * ratio;
    context.drawImage(sheet.paper, x, y, sheet.wide * ratio, sheet.high * ratio);
    light();
  };
  const at = (one) => [width / 2 + (data.x[one] - camera.x) * unit() * camera.k, height / 2 + (data.y[one] - camera.y) * unit() * camera.k];
  const light = () => {
    if (chosen >= 0) {
      context.strokeStyle = ink.accent;
      context.lineWidth = 1.2;
      context.beginPath();
      for (const tie of neighbours[chosen]) {
        if (!tieShows(tie)) continue;
        context.moveTo(...at(data.a[tie]));
        context.lineTo(...at(data.b[tie]));
      }
      context.stroke();
    }
    for (const steps of way) {
      context.strokeStyle = ink.warm;
      context.lineWidth = 4;
      context.beginPath();
      steps.forEach((one, number) => context[number ? "lineTo" : "moveTo"](...at(one)));
      context.stroke();
    }
    for (const one of new Set([...way.flat(), chosen, pointed])) {
      if (one < 0) continue;
      const [x, y] = at(one);
      context.beginPath();
      context.arc(x, y, radius(one, camera.k) + 3, 0, 7);
      context.strokeStyle = ink.ink;
      context.lineWidth = 2;
      context.stroke();
      context.font = `600 13px ${ink.sans}`;
      context.textAlign = "center";
      context.lineWidth = 4;
      context.lineJoin = "round";
      context.strokeStyle = ink.sheet;
      context.strokeText(data.name[one], x, y - 12);
      context.fillStyle = ink.ink;
      context.fillText(data.name[one], x, y - 12);
    }
  };
  const move = () => {
    if (sheet !== drawing) drawing = null;
    moved = performance.now();
    look();
  };
  const redraw = () => {
    drawing = null;
    moved = 0;
    startSheet();
    look();
  };

  // --- who and what
  const person = (one) => {
    const link = document.createElement("a");
    link.href = `/people/${data.id[one]}`;
    link.textContent = data.name[one];
    return link;
  };
  const choose = (one, centre = false) => {
    chosen = one;
    if (one < 0) {
      about.hidden = true;
      look();
      return;
    }
    if (centre) {
      camera.x = data.x[one];
      camera.y = data.y[one];
      camera.k = Math.max(camera.k, 3);
      move();
    }
    const near = neighbours[one].filter(tieShows).sort((a, b) => data.strength[b] - data.strength[a]);
    const heading = document.createElement("h2");
    heading.append(person(one));
    const world = data.worlds[data.world[one]];
    const words = document.createElement("p");
    words.textContent = [
      world ? worded("In the world {world}.", { world }) : "",
      data.tie[one] ? worded("Your tie: {strength} of 100, {first} to {last}.", { strength: data.tie[one], first: data.tie_first[one], last: data.tie_last[one] }) : worded("You have no tie with them."),
      near.length ? worded(near.length === 1 ? "Seen with one other:" : "Seen with {n} others:", { n: near.length }) : worded("Seen with nobody else."),
    ].join(" ");
    const list = document.createElement("ul");
    for (const tie of near.slice(0, 12)) {
      const other = data.a[tie] === one ? data.b[tie] : data.a[tie];
      const line = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "quiet";
      button.textContent = data.name[other];
      button.addEventListener("click", () => choose(other, true));
      const years = data.first[tie] === data.last[tie] ? `${data.first[tie]}` : worded("{first} to {last}", { first: data.first[tie], last: data.last[tie] });
      line.append(button, ` ${worded("{strength} of 100", { strength: data.strength[tie] })}, ${years}`);
      list.append(line);
    }
    about.replaceChildren(heading, words, list);
    about.hidden = false;
    look();
  };
  const nearest = (x, y) => {
    let best = -1;
    let least = 14 * 14;
    for (let one = 0; one < size; one += 1) {
      if (!shown[one]) continue;
      const [px, py] = at(one);
      const far = (px - x) ** 2 + (py - y) ** 2;
      if (far < least) [best, least] = [one, far];
    }
    return best;
  };

  // --- hands
  const zoom = (factor, x = width / 2, y = height / 2) => {
    const k = Math.min(40, Math.max(0.5, camera.k * factor));
    const before = unit() * camera.k;
    const after = unit() * k;
    camera.x += (x - width / 2) * (1 / before - 1 / after);
    camera.y += (y - height / 2) * (1 / before - 1 / after);
    camera.k = k;
    move();
  };
  const pan = (x, y) => {
    camera.x -= x / (unit() * camera.k);
    camera.y -= y / (unit() * camera.k);
    move();
  };
  const home = () => {
    Object.assign(camera, { x: 0, y: 0, k: 1 });
    move();
  };
  const hands = new Map();
  let dragged = 0;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    hands.set(event.pointerId, [event.offsetX, event.offsetY]);
    dragged = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = hands.get(event.pointerId);
    if (!before) {
      const found = nearest(event.offsetX, event.offsetY);
      if (found !== pointed) {
        pointed = found;
        look();
      }
      return;
    }
    const now = [event.offsetX, event.offsetY];
    const others = [...hands].filter(([id]) => id !== event.pointerId).map(([, spot]) => spot);
    if (others.length) {
      const [other] = others;
      const gap = (spot) => Math.hypot(spot[0] - other[0], spot[1] - other[1]) || 1;
      zoom(gap(now) / gap(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    } else {
      pan(now[0] - before[0], now[1] - before[1]);
    }
    dragged += Math.abs(now[0] - before[0]) + Math.abs(now[1] - before[1]);
    hands.set(event.pointerId, now);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => {
      if (hands.delete(event.pointerId) && dragged < 5 && end === "pointerup") choose(nearest(event.offsetX, event.offsetY));
    });
  }
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 400), event.offsetX, event.offsetY);
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const keys = {
      ArrowLeft: () => pan(60, 0),
      ArrowRight: () => pan(-60, 0),
      ArrowUp: () => pan(0, 60),
      ArrowDown: () => pan(0, -60),
      "+": () => zoom(1.4),
      "=": () => zoom(1.4),
      "-": () => zoom(1 / 1.4),
      0: home,
      Escape: () => choose(-1),
    };
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  document.getElementById("nearer").addEventListener("click", () => zoom(1.6));
  document.getElementById("farther").addEventListener("click", () => zoom(1 / 1.6));
  document.getElementById("whole").addEventListener("click", home);

  // --- time
  const slider = document.getElementById("year");
  const since = Math.min(...data.first, ...data.tie_first.filter(Boolean));
  const until = Math.max(...data.last, ...data.tie_last);
  const said = document.getElementById("year-said");
  const turn = () => {
    year = Number(slider.value) > until ? Infinity : Number(slider.value);
    said.textContent = year === Infinity ? worded("all years") : String(year);
    slider.setAttribute("aria-valuetext", said.textContent);
    reckon();
    if (drawing) again = true;
    else redraw();
  };
  if (Number.isFinite(since) && until >= since) {
    slider.min = since;
    slider.max = until + 1;
    slider.value = until + 1;
    slider.disabled = false;
    slider.addEventListener("input", turn);
  }

  // --- somebody, and the way to them
  const names = document.getElementById("names");
  names.append(...byWorth.slice(0, 2000).map((one) => Object.assign(document.createElement("option"), { value: data.name[one] })));
  const form = document.getElementById("find");
  const field = document.getElementById("who");
  const ways = document.getElementById("ways");
  const named = (text) => {
    const folded = text.trim().toLocaleLowerCase();
    return byWorth.find((one) => data.name[one].toLocaleLowerCase() === folded) ?? byWorth.find((one) => folded && data.name[one].toLocaleLowerCase().includes(folded)) ?? -1;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const one = named(field.value);
    ways.hidden = true;
    way = [];
    if (event.submitter?.value !== "way") {
      choose(one, true);
      state.textContent = one < 0 ? worded("Nobody on the map goes by that.") : "";
      return;
    }
    try {
      const answer = await fetch(`/api/paths/find?${new URLSearchParams({ target: one < 0 ? field.value : data.id[one], limit: "3" })}`);
      const found = await answer.json();
      if (!answer.ok) throw new Error(found.detail);
      const places = new Map(data.id.map((id, number) => [id, number]));
      way = found.paths.map((path) => path.steps.map((step) => places.get(step.to_id)).filter((spot) => spot !== undefined));
      ways.replaceChildren(
        ...found.paths.map((path) => {
          const line = document.createElement("li");
          line.textContent = `${[worded("you"), ...path.steps.map((step) => step.to)].join(" → ")} (${path.warmth.toLocaleString(document.documentElement.lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 })})`;
          return line;
        }),
      );
      ways.hidden = !found.paths.length;
      state.textContent = worded(found.paths.length > 1 ? "{n} ways to {target}." : found.paths.length ? "One way to {target}." : "No way is known to {target}.", { n: found.paths.length, target: found.target });
      const spots = way.flat();
      if (spots.length) {
        const [xs, ys] = [spots.map((spot) => data.x[spot]), spots.map((spot) => data.y[spot])];
        camera.x = (Math.min(...xs) + Math.max(...xs)) / 2;
        camera.y = (Math.min(...ys) + Math.max(...ys)) / 2;
        camera.k = Math.min(6, 1.4 / Math.max(0.1, Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)));
      }
      choose(-1);
      move();
    } catch (error) {
      state.textContent = error.message;
    }
  });

  const fit = () => {
    const box = canvas.getBoundingClientRect();
    [width, height, scale] = [box.width, box.height, Math.min(2, devicePixelRatio || 1)];
    canvas.width = Math.max(1, width * scale);
    canvas.height = Math.max(1, height * scale);
    [sheet, drawing] = [null, null];
    redraw();
  };
  dark.addEventListener("change", () => {
    dress();
    redraw();
  });
  dress();
  reckon();
  new ResizeObserver(fit).observe(canvas);
  document.getElementById("controls").hidden = false;
  state.textContent = worded(data.people > size ? "{shown} people, {ties} acquaintances, of {people} people." : "{shown} people, {ties} acquaintances.", { shown: counted(size), ties: counted(ties), people: counted(data.people) });
};

if (canvas) {
  fetch("/api/worlds/map")
    .then(async (answer) => {
      const data = await answer.json();
      if (!answer.ok) throw new Error(data.detail);
      begin(data);
    })
    .catch((error) => (state.textContent = worded("The map could not be drawn: {why}", { why: error.message })));
}
