"use strict";
/* The points of a window in typed arrays, with a grid over them that finds those of a rectangle.
   Places are kept in the web map's own square, 0 to 1, so that a zoom is one multiplication. */
const fieldtool = {};

fieldtool.toSquare = (lon, lat) => {
  const sine = Math.sin((Math.max(-85.0511, Math.min(85.0511, lat)) * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
};

fieldtool.Points = class {
  /* The layout is told in fieldtool/map_points.py. */
  constructor(buffer) {
    const [count, heaps, total, tailBytes] = new Uint32Array(buffer, 0, 4);
    const lon = new Float64Array(buffer, 16, count);
    const lat = new Float64Array(buffer, 16 + 8 * count, count);
    this.count = count;
    this.heaps = heaps === 1;
    this.total = total;
    this.number = new Uint32Array(buffer, 16 + 16 * count, count);
    this.code = new Uint8Array(buffer, 16 + 20 * count, count);
    this.tail = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 16 + 21 * count, tailBytes)));
    this.x = new Float64Array(count);
    this.y = new Float64Array(count);
    this.marked = new Uint8Array(count);
    for (let k = 0; k < count; k++) {
      const sine = Math.sin((lat[k] * Math.PI) / 180);
      this.x[k] = lon[k] / 360 + 0.5;
      this.y[k] = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
    }
    this._index();
  }

  /* Counting sort into rows of cells: `order` holds the points cell by cell. */
  _index() {
    const side = Math.max(1, Math.min(512, Math.ceil(Math.sqrt(this.count / 4))));
    let west = Infinity, east = -Infinity, north = Infinity, south = -Infinity;
    for (let k = 0; k < this.count; k++) {
      if (this.x[k] < west) west = this.x[k];
      if (this.x[k] > east) east = this.x[k];
      if (this.y[k] < north) north = this.y[k];
      if (this.y[k] > south) south = this.y[k];
    }
    this.side = side;
    this.west = west;
    this.north = north;
    this.perX = side / Math.max(east - west, 1e-9);
    this.perY = side / Math.max(south - north, 1e-9);
    const cell = new Uint32Array(this.count);
    this.begins = new Uint32Array(side * side + 1);
    for (let k = 0; k < this.count; k++) {
      cell[k] = this._row(this.y[k]) * side + this._column(this.x[k]);
      this.begins[cell[k] + 1]++;
    }
    for (let c = 0; c < side * side; c++) this.begins[c + 1] += this.begins[c];
    const next = this.begins.slice();
    this.order = new Uint32Array(this.count);
    for (let k = 0; k < this.count; k++) this.order[next[cell[k]]++] = k;
  }

  _column(x) {
    return Math.max(0, Math.min(this.side - 1, Math.floor((x - this.west) * this.perX)));
  }

  _row(y) {
    return Math.max(0, Math.min(this.side - 1, Math.floor((y - this.north) * this.perY)));
  }

  /* Calls with every point of the rectangle, edges included. */
  within(west, north, east, south, tell) {
    if (!this.count) return;
    const left = this._column(west), right = this._column(east);
    const top = this._row(north), bottom = this._row(south);
    const { x, y, order, begins, side } = this;
    for (let row = top; row <= bottom; row++) {
      const end = begins[row * side + right + 1];
      for (let place = begins[row * side + left]; place < end; place++) {
        const k = order[place];
        if (x[k] >= west && x[k] <= east && y[k] >= north && y[k] <= south) tell(k);
      }
    }
  }

  /* The nearest point, at most `reach` away; -1 without one. */
  nearest(x, y, reach) {
    let best = -1, least = reach * reach;
    this.within(x - reach, y - reach, x + reach, y + reach, (k) => {
      const distance = (this.x[k] - x) ** 2 + (this.y[k] - y) ** 2;
      if (distance <= least) {
        least = distance;
        best = k;
      }
    });
    return best;
  }

  /* Those inside of a ring of [x, y]. */
  inside(ring) {
    const xs = ring.map((corner) => corner[0]), ys = ring.map((corner) => corner[1]);
    const found = [];
    this.within(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), (k) => {
      if (this._isInside(this.x[k], this.y[k], ring)) found.push(k);
    });
    return found;
  }

  _isInside(x, y, ring) {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [ax, ay] = ring[i], [bx, by] = ring[j];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
    return inside;
  }

  mark(numbers) {
    const wanted = new Set(this.heaps ? [] : numbers);
    for (let k = 0; k < this.count; k++) this.marked[k] = wanted.size && wanted.has(this.number[k]) ? 1 : 0;
  }
};
