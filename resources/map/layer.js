"use strict";
/* One canvas with all points. It is wider than the view, so that panning moves it, and draws only where the
   margin is used up. Where many stand close together a number stands for them. */
fieldtool.MARGIN = 0.25;
fieldtool.CELL = 72;
fieldtool.CROWD = 8;
fieldtool.FEW = 300;
fieldtool.HIT = 26;

fieldtool.Layer = L.Layer.extend({
  initialize(look) {
    this.look = look;
    this.points = null;
    this.plain = true;
    this.drawn = 0;
  },

  onAdd(map) {
    this.canvas = L.DomUtil.create("canvas", "leaflet-layer points");
    this.canvas.setAttribute("aria-hidden", "true");
    this.pen = this.canvas.getContext("2d");
    map.getPane("overlayPane").appendChild(this.canvas);
    map.on("move moveend", this._moved, this);
    map.on("zoomend resize viewreset", this.draw, this);
    this.draw();
  },

  onRemove(map) {
    map.off("move moveend", this._moved, this);
    map.off("zoomend resize viewreset", this.draw, this);
    this.canvas.remove();
  },

  show(points) {
    this.points = points;
    this.dress(this.look);
  },

  dress(look) {
    this.look = look;
    this.signSide = Math.round(look.sign * this._ratio());
    const legend = this.points ? this.points.tail.legend : [];
    this.signs = legend.map((entry) => fieldtool.sign(entry, this.signSide, look));
    this.draw();
  },

  _ratio() {
    return Math.min(window.devicePixelRatio || 1, 2);
  },

  _moved() {
    const at = this._map.containerPointToLayerPoint([0, 0]);
    const x = at.x - this.origin.x, y = at.y - this.origin.y;
    const size = this._map.getSize();
    const over = (value, room) => value < 0 || value > 2 * fieldtool.MARGIN * room;
    if (over(x, size.x) || over(y, size.y)) this.draw();
  },

  draw() {
    if (!this._map || !this.pen) return;
    const size = this._map.getSize(), ratio = this._ratio();
    const margin = size.multiplyBy(fieldtool.MARGIN)._round();
    const width = size.x + 2 * margin.x, height = size.y + 2 * margin.y;
    this.origin = this._map.containerPointToLayerPoint([-margin.x, -margin.y]);
    if (this.canvas.width !== width * ratio || this.canvas.height !== height * ratio) {
      this.canvas.width = width * ratio;
      this.canvas.height = height * ratio;
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
    }
    L.DomUtil.setPosition(this.canvas, this.origin);
    const pen = this.pen;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const corner = this._map.getPixelOrigin().add(this.origin);
    const scale = 256 * 2 ** this._map.getZoom();
    this.view = { x: corner.x, y: corner.y, width, height, scale };
    if (this.plain) fieldtool.graticule(pen, this.view, this.look);
    if (this.points) this._points(pen);
    this.drawn++;
  },

  _points(pen) {
    const { points, view, look } = this, { scale } = view;
    const cell = fieldtool.CELL, edge = look.sign;
    const column0 = Math.floor((view.x - edge) / cell), row0 = Math.floor((view.y - edge) / cell);
    const columns = Math.ceil((view.width + 2 * edge) / cell) + 1;
    const rows = Math.ceil((view.height + 2 * edge) / cell) + 1;
    const head = new Int32Array(columns * rows).fill(-1), counts = new Uint32Array(columns * rows);
    if (!this.next || this.next.length < points.count) this.next = new Int32Array(points.count);
    const { next } = this, { x, y, number } = points;
    let seen = 0;
    points.within(column0 * cell / scale, row0 * cell / scale,
      (column0 + columns) * cell / scale - 1e-12, (row0 + rows) * cell / scale - 1e-12, (k) => {
        const column = Math.floor((x[k] * scale) / cell) - column0, row = Math.floor((y[k] * scale) / cell) - row0;
        const at = Math.min(row, rows - 1) * columns + Math.min(column, columns - 1);
        next[k] = head[at];
        head[at] = k;
        counts[at] += points.heaps ? number[k] : 1;
        seen++;
      });
    const crowd = points.heaps ? 1 : seen > fieldtool.FEW ? fieldtool.CROWD : Infinity;
    this.crowds = [];
    const marks = [];
    for (let at = 0; at < head.length; at++) {
      if (counts[at] > crowd || (points.heaps && counts[at])) this._crowd(head[at], counts[at]);
      else for (let k = head[at]; k >= 0; k = next[k]) {
        if (points.marked[k]) marks.push(k);
        else this._single(pen, k);
      }
    }
    this._selected(pen, marks);
    this._numbers(pen);
  },

  _single(pen, k) {
    const { points, view } = this, side = this.look.sign;
    pen.drawImage(this.signs[points.code[k]], points.x[k] * view.scale - view.x - side / 2,
      points.y[k] * view.scale - view.y - side / 2, side, side);
  },

  _selected(pen, marks) {
    const { points, view, look } = this;
    for (const k of marks) {
      const x = points.x[k] * view.scale - view.x, y = points.y[k] * view.scale - view.y;
      for (const [colour, wide] of [[look.surface, 7], [look.focus, 4]]) {
        pen.beginPath();
        pen.arc(x, y, look.sign * 0.75, 0, 2 * Math.PI);
        pen.strokeStyle = colour;
        pen.lineWidth = wide;
        pen.stroke();
      }
      this._single(pen, k);
    }
  },

  _crowd(first, count) {
    const { points, next } = this, shares = new Map();
    let x = 0, y = 0, members = 0, marked = false;
    for (let k = first; k >= 0; k = next[k]) {
      x += points.x[k];
      y += points.y[k];
      members++;
      marked = marked || points.marked[k] === 1;
      if (!points.heaps) shares.set(points.code[k], (shares.get(points.code[k]) || 0) + 1);
    }
    this.crowds.push({ x: x / members, y: y / members, count, first, shares, marked });
  },

  /* A disc with the number; its ring shows how the colours share it. */
  _numbers(pen) {
    const { view, look, points } = this;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (const crowd of this.crowds) {
      const x = crowd.x * view.scale - view.x, y = crowd.y * view.scale - view.y;
      const radius = Math.min(fieldtool.CELL / 2 - 2, look.text_px * (0.95 + 0.28 * Math.log10(crowd.count)));
      crowd.radius = radius;
      pen.beginPath();
      pen.arc(x, y, radius, 0, 2 * Math.PI);
      pen.fillStyle = look.surface;
      pen.fill();
      pen.lineWidth = crowd.marked ? 7 : 1.5;
      pen.strokeStyle = crowd.marked ? look.focus : look.text;
      pen.stroke();
      let from = -Math.PI / 2;
      pen.lineWidth = 4;
      for (const [code, share] of [...crowd.shares].sort((a, b) => a[0] - b[0])) {
        const to = from + (2 * Math.PI * share) / crowd.count;
        pen.beginPath();
        pen.arc(x, y, radius - 3, from, to);
        pen.strokeStyle = points.tail.legend[code].colour;
        pen.stroke();
        from = to;
      }
      pen.fillStyle = look.text;
      const shown = crowd.count > 99999 ? `${Math.round(crowd.count / 1000)}k` : String(crowd.count);
      const size = Math.min(look.text_px, (2.6 * (radius - 5)) / shown.length);
      pen.font = `600 ${size}px sans-serif`;
      pen.fillText(shown, x, y + size * 0.06);
    }
  },

  /* What is at a place of the view: {crowd} or {point} or nothing. */
  at(place) {
    if (!this.points || !this.view) return {};
    const { view } = this, world = this._map.project(place, this._map.getZoom());
    for (const crowd of this.crowds || []) {
      const reach = Math.max(crowd.radius, 24);
      if ((crowd.x * view.scale - world.x) ** 2 + (crowd.y * view.scale - world.y) ** 2 <= reach ** 2) return { crowd };
    }
    if (this.points.heaps) return {};
    const point = this.points.nearest(world.x / view.scale, world.y / view.scale, fieldtool.HIT / view.scale);
    return point >= 0 ? { point } : {};
  },

  members(crowd) {
    const found = [];
    for (let k = crowd.first; k >= 0; k = this.next[k]) found.push(k);
    return found;
  },
});

/* Lines of the degrees where there is no base map: the points are not in a void. */
fieldtool.graticule = (pen, view, look) => {
  const steps = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002];
  const perDegree = view.scale / 360;
  const step = steps.filter((one) => one * perDegree > 90).pop() || 30;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const shown = (value) => `${value.toFixed(digits).replace(".", look.language === "de" ? "," : ".")}°`;
  pen.strokeStyle = look.line;
  pen.fillStyle = look.muted;
  pen.lineWidth = 1;
  pen.globalAlpha = 0.45;
  pen.font = `${look.text_px * 0.8}px sans-serif`;
  pen.textAlign = "left";
  pen.textBaseline = "bottom";
  const labels = [];
  const west = (view.x / view.scale - 0.5) * 360, east = ((view.x + view.width) / view.scale - 0.5) * 360;
  pen.beginPath();
  for (let n = Math.ceil(west / step); n * step <= east; n++) {
    const x = Math.round((n * step / 360 + 0.5) * view.scale - view.x) + 0.5;
    pen.moveTo(x, 0);
    pen.lineTo(x, view.height);
    labels.push([`${shown(n * step)} ${look.east}`, x, null]);
  }
  const latitude = (y) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / view.scale))) * 180) / Math.PI;
  const south = latitude(view.y + view.height), north = latitude(view.y);
  for (let n = Math.ceil(south / step); n * step <= north; n++) {
    const y = Math.round(fieldtool.toSquare(0, n * step)[1] * view.scale - view.y) + 0.5;
    pen.moveTo(0, y);
    pen.lineTo(view.width, y);
    labels.push([`${shown(n * step)} ${look.north}`, null, y]);
  }
  pen.stroke();
  pen.globalAlpha = 1;
  const left = view.width * fieldtool.MARGIN / (1 + 2 * fieldtool.MARGIN);
  const top = view.height * fieldtool.MARGIN / (1 + 2 * fieldtool.MARGIN);
  for (const [words, x, y] of labels) {
    if (y === null) pen.fillText(words, x + 4, top + look.text_px * 1.2);
    else pen.fillText(words, left + look.touch + 18, y - 2);
  }
};
