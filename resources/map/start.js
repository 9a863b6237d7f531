"use strict";
/* The page's life: it asks for the points of its window, and talks with the window around it. */
fieldtool.Page = class {
  constructor(map, settings, desk) {
    this.map = map;
    this.texts = settings.texts;
    this.desk = desk;
    this.by = "class";
    this.asked = 0;
    this.selected = [];
    this.layer = new fieldtool.Layer(this._look(settings.look));
    this.outlines = L.layerGroup().addTo(map);
    this.layer.addTo(map);
    this.position = L.layerGroup().addTo(map);
    this.tools = new fieldtool.Tools(map, this.layer, (told) => this._tell(told));
    this._controls();
    map.on("moveend", () => this._moved());
    desk.told.connect((message) => this._hear(JSON.parse(message)));
    this._tell({ what: "ready" });
    this._moved();
  }

  _tell(told) {
    if (told.what === "selected") this.selected = told.seqs;
    this.desk.hear(JSON.stringify(told));
  }

  _look(look) {
    const root = document.documentElement.style;
    for (const [name, value] of Object.entries(look)) root.setProperty(`--${name.replace("_", "-")}`, value);
    const px = (name) => parseFloat(look[name]);
    return { ...look, sign: px("sign"), text_px: px("text_px"), touch: px("touch") };
  }

  _controls() {
    const { map, texts } = this;
    map.getContainer().setAttribute("aria-label", texts.map);
    map.getContainer().setAttribute("role", "application");
    const zoom = L.control.zoom({ zoomInTitle: texts.zoom_in, zoomOutTitle: texts.zoom_out }).addTo(map);
    for (const button of zoom.getContainer().children) button.tabIndex = -1;
    L.control.attribution({ prefix: false }).addTo(map);
    L.control.scale({ imperial: false, maxWidth: 160, position: "bottomright" }).addTo(map);
    const cross = L.DomUtil.create("div", "cross", map.getContainer());
    cross.setAttribute("aria-hidden", "true");
    this.legend = L.DomUtil.create("section", "legend", map.getContainer());
    this.legend.setAttribute("aria-label", texts.legend);
    L.DomEvent.disableClickPropagation(this.legend);
    L.DomEvent.disableScrollPropagation(this.legend);
    this.note = L.DomUtil.create("p", "note", map.getContainer());
    this.note.setAttribute("role", "status");
  }

  _moved() {
    const { map } = this, centre = map.getCenter(), box = map.getBounds();
    this._tell({
      what: "moved",
      lon: centre.lng,
      lat: centre.lat,
      zoom: map.getZoom(),
      box: [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()],
    });
    const { points } = this.layer;
    if (!points || !this._covers(points.tail, box) || (points.heaps && points.tail.zoom !== map.getZoom())) this.ask();
  }

  _covers(tail, box) {
    const [west, south, east, north] = tail.box;
    return box.getWest() >= west && box.getEast() <= east && box.getSouth() >= south && box.getNorth() <= north;
  }

  /* The latest question counts. */
  async ask() {
    const number = ++this.asked, box = this.map.getBounds().pad(0.5);
    const edges = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].join(",");
    const address = `points?box=${edges}&zoom=${this.map.getZoom()}&by=${this.by}`;
    // Why it failed is told by the window.
    const answer = await fetch(address).then((got) => (got.ok ? got.arrayBuffer() : null), () => null);
    if (answer && number === this.asked) this.show(new fieldtool.Points(answer));
  }

  show(points) {
    points.mark(this.selected);
    this.layer.show(points);
    this._outlines(points.tail.shapes);
    this._legend(points.tail.legend);
    const { texts } = this;
    this.note.textContent = !points.total ? texts.nothing : points.heaps ? texts.heaps
      : points.tail.more_shapes ? texts.more_shapes : "";
    requestAnimationFrame(() => this._tell({ what: "shown", count: points.count, total: points.total, heaps: points.heaps }));
  }

  _outlines(shapes) {
    this.outlines.clearLayers();
    const { legend } = this.layer.points.tail, { look } = this.layer;
    for (const shape of shapes) {
      const colour = (legend[shape.code] || {}).colour || look.text;
      const style = (wide, drawn) => ({ style: { color: drawn, weight: wide, fillOpacity: 0.15, fillColor: colour }, interactive: false });
      this.outlines.addLayer(L.geoJSON(shape.geometry, style(5, look.text)));
      this.outlines.addLayer(L.geoJSON(shape.geometry, style(3, colour)));
    }
  }

  _legend(entries) {
    this.legend.replaceChildren();
    this.legend.hidden = !entries.length;
    const list = L.DomUtil.create("ul", "", this.legend);
    for (const entry of entries.filter((one) => one.count)) {
      const line = L.DomUtil.create("li", "", list);
      const sign = fieldtool.sign(entry, 48, this.layer.look);
      sign.setAttribute("aria-hidden", "true");
      line.append(sign, `${entry.title} (${entry.count.toLocaleString(this.texts.language)})`);
    }
  }

  _hear(message) {
    const { map } = this;
    switch (message.do) {
      case "look":
        this.layer.dress(this._look(message.look));
        if (this.layer.points) this.show(this.layer.points);
        break;
      case "tool": this.tools.use(message.kind); break;
      case "finish": this.tools.finish(); break;
      case "back": this.tools.back(); break;
      case "colour":
        this.by = message.by;
        this.ask();
        break;
      case "refresh": this.ask(); break;
      case "zoom": map.setZoom(map.getZoom() + message.steps); break;
      case "go": map.setView([message.lat, message.lon], message.zoom || map.getZoom(), { animate: false }); break;
      case "fit": {
        const [west, south, east, north] = message.box;
        map.fitBounds([[south, west], [north, east]], {
          maxZoom: 18, animate: false, paddingTopLeft: [this.layer.look.touch + 30, 50], paddingBottomRight: [40, 60],
        });
        break;
      }
      case "select":
        this.selected = message.seqs;
        if (this.layer.points) this.layer.points.mark(message.seqs);
        this.layer.draw();
        break;
      case "base": this._base(message.base); break;
      case "position": this._position(message.fix); break;
      case "sheet": this._sheet(message.sheet); break;
    }
  }

  _base(base) {
    if (this.base) this.base.remove();
    this.base = null;
    this.layer.plain = !base;
    if (base) {
      const text = document.createElement("span");
      text.textContent = base.attribution;
      const options = { attribution: text.innerHTML, minZoom: 0, maxZoom: 21, minNativeZoom: base.min_zoom, maxNativeZoom: base.max_zoom };
      this.base = base.layers ? L.tileLayer.wms(base.url, { ...options, layers: base.layers, format: "image/png", version: "1.3.0" })
        : L.tileLayer(base.url, options);
      this.base.addTo(this.map);
    }
    this.layer.draw();
  }

  _position(fix) {
    this.position.clearLayers();
    if (!fix) return;
    const { look } = this.layer, place = [fix.lat, fix.lon];
    if (fix.accuracy) {
      this.position.addLayer(L.circle(place, { radius: fix.accuracy, color: look.focus, weight: 2, fillOpacity: 0.12, interactive: false }));
    }
    this.position.addLayer(L.circleMarker(place, { radius: 10, color: look.surface, weight: 4, fillColor: look.focus, fillOpacity: 1, interactive: false }));
    this.map.setView(place, Math.max(this.map.getZoom(), 17), { animate: false });
  }

  /* As it is printed: of a fixed size, with title, scale, date and sources; null goes back. */
  _sheet(sheet) {
    const { map } = this;
    document.body.classList.toggle("sheet", Boolean(sheet));
    for (const old of document.querySelectorAll(".sheet-text")) old.remove();
    // The changed size moves what the map calls its middle.
    const centre = sheet ? map.getCenter() : this.left;
    this.left = centre;
    map.invalidateSize({ pan: false });
    map.setView(centre, map.getZoom(), { animate: false });
    if (!sheet) return;
    const metres = (40075016.686 * Math.cos((centre.lat * Math.PI) / 180)) / (256 * 2 ** map.getZoom());
    const scale = Math.round((metres * 96) / 0.0254);
    const put = (name, words) => {
      const made = L.DomUtil.create("p", `sheet-text ${name}`, document.body);
      made.textContent = words;
    };
    put("sheet-title", sheet.title);
    put("sheet-foot", sheet.foot.replace("{scale}", scale.toLocaleString(this.texts.language)));
    const settled = () => requestAnimationFrame(() => requestAnimationFrame(() => this._tell({ what: "sheet", scale })));
    if (this.base && this.base.isLoading()) {
      const late = setTimeout(settled, 5000);
      this.base.once("load", () => {
        clearTimeout(late);
        settled();
      });
    } else settled();
  }
};

fieldtool.start = (map, settings) => {
  new QWebChannel(qt.webChannelTransport, (channel) => {
    fieldtool.page = new fieldtool.Page(map, settings, channel.objects.desk);
  });
};
