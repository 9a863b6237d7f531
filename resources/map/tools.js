"use strict";
/* Selecting and measuring. Corners are set by a click or, at the cross in the middle, by Enter; nothing is
   dragged. Kinds: look, box, polygon, distance, area; place: one corner, the latest. */
fieldtool.Tools = class {
  constructor(map, layer, tell) {
    this.map = map;
    this.layer = layer;
    this.tell = tell;
    this.kind = "look";
    this.corners = [];
    this.drawing = L.layerGroup().addTo(map);
    map.on("click", (event) => this.act(event.latlng));
    map.on("mousemove", (event) => this._preview(event.latlng));
    map.on("move", () => this.byKeys && this._preview(map.getCenter()));
    map.getContainer().addEventListener("keydown", (event) => this._key(event));
  }

  use(kind) {
    this.kind = kind;
    this.byKeys = false;
    this._clear();
    this.map.getContainer().classList.toggle("drawing", kind !== "look");
  }

  _clear() {
    this.corners = [];
    this.drawing.clearLayers();
    this._told();
  }

  _key(event) {
    if (event.target !== this.map.getContainer()) return;
    if (event.key === "Enter") {
      this.byKeys = true;
      this.act(this.map.getCenter());
      event.preventDefault();
    } else if (event.key === "Escape") {
      this._clear();
    } else if (event.key === "Backspace" && this.corners.length) {
      this.back();
      event.preventDefault();
    }
  }

  back() {
    this.corners.pop();
    this._redraw(this.corners);
    this._told();
  }

  act(place) {
    if (this.kind === "look") return this._take(place);
    if (this.done || this.kind === "place") this._clear();
    this.done = false;
    this.corners.push(place);
    if (this.kind === "box" && this.corners.length === 2) return this.finish();
    this._redraw(this.corners);
    this._told();
  }

  _take(place) {
    const { crowd, point } = this.layer.at(place), { points } = this.layer;
    if (crowd && this.map.getZoom() < this.map.getMaxZoom()) {
      const place = this._place(crowd.x, crowd.y);
      this.map.setView(place, Math.min(this.map.getZoom() + 2, this.map.getMaxZoom()), { animate: false });
      return;
    }
    const found = crowd && !points.heaps ? this.layer.members(crowd) : point >= 0 ? [point] : [];
    this._choose(found);
  }

  _place(x, y) {
    return this.map.unproject([x * 256, y * 256], 0);
  }

  _choose(found) {
    const { points } = this.layer;
    const numbers = found.map((k) => points.number[k]);
    points && points.mark(numbers);
    this.layer.draw();
    this.tell({ what: "selected", seqs: numbers });
  }

  finish() {
    const { corners, kind } = this;
    if (kind === "box" && corners.length === 2) {
      const box = L.latLngBounds(corners);
      const ring = [box.getSouthWest(), box.getSouthEast(), box.getNorthEast(), box.getNorthWest()];
      this._choose(this._within(ring));
    } else if (kind === "polygon" && corners.length > 2) {
      this._choose(this._within(corners));
    } else if (kind === "box" || kind === "polygon") {
      return;
    }
    this._redraw(corners);
    this.done = true;
    this._told();
  }

  _within(ring) {
    const { points } = this.layer;
    if (!points || points.heaps) return [];
    return points.inside(ring.map((corner) => fieldtool.toSquare(corner.lng, corner.lat)));
  }

  _preview(place) {
    if (!this.corners.length || this.done || this.kind === "look" || this.kind === "place") return;
    this._redraw([...this.corners, place]);
  }

  _redraw(corners) {
    this.drawing.clearLayers();
    if (!corners.length) return;
    const { look } = this.layer, style = { color: look.focus, weight: 4, fillOpacity: 0.12, interactive: false };
    const closed = this.kind === "polygon" || this.kind === "area";
    const drawn = this.kind === "box" ? L.rectangle(L.latLngBounds(corners), style)
      : closed ? L.polygon(corners, style) : L.polyline(corners, style);
    this.drawing.addLayer(drawn);
    for (const corner of corners) {
      const dot = { radius: 6, color: look.focus, fillColor: look.surface, fillOpacity: 1, weight: 3, interactive: false };
      this.drawing.addLayer(L.circleMarker(corner, dot));
    }
  }

  _told() {
    this.tell({
      what: "drawn",
      kind: this.kind,
      done: Boolean(this.done),
      corners: this.corners.map((corner) => [corner.lng, corner.lat]),
    });
  }
};
