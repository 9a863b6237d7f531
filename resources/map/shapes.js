"use strict";
/* The signs of the legend. Each is a path around 0,0 of radius 1: told apart by shape and by colour. */
fieldtool.outline = (sign) => {
  const path = new Path2D();
  const ring = (corners) => {
    corners.forEach(([x, y], at) => (at ? path.lineTo(x, y) : path.moveTo(x, y)));
    path.closePath();
  };
  const around = (count, from, inner) => {
    const corners = [];
    for (let at = 0; at < count; at++) {
      const turn = from + (2 * Math.PI * at) / count, far = inner && at % 2 ? inner : 1;
      corners.push([Math.cos(turn) * far, Math.sin(turn) * far]);
    }
    return corners;
  };
  const up = -Math.PI / 2;
  switch (sign) {
    case "square": ring([[-0.8, -0.8], [0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]]); break;
    case "triangle": ring(around(3, up)); break;
    case "diamond": ring(around(4, up)); break;
    case "plus": ring([[-0.35, -1], [0.35, -1], [0.35, -0.35], [1, -0.35], [1, 0.35], [0.35, 0.35], [0.35, 1],
      [-0.35, 1], [-0.35, 0.35], [-1, 0.35], [-1, -0.35], [-0.35, -0.35]]); break;
    case "star": ring(around(10, up, 0.45)); break;
    case "drop": ring(around(3, -up)); break;
    case "hexagon": ring(around(6, 0)); break;
    case "ring": path.arc(0, 0, 0.75, 0, 2 * Math.PI); break;
    default: path.arc(0, 0, 0.85, 0, 2 * Math.PI);
  }
  return path;
};

/* A picture of one sign, `side` wide in device pixels. */
fieldtool.sign = (entry, side, look) => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const pen = canvas.getContext("2d"), radius = side / 2 - side * 0.12;
  const path = fieldtool.outline(entry.shape);
  pen.translate(side / 2, side / 2);
  pen.scale(radius, radius);
  pen.lineJoin = "round";
  pen.lineWidth = 0.5;
  pen.strokeStyle = look.surface;
  pen.stroke(path);
  if (entry.shape === "ring") {
    pen.strokeStyle = look.text;
    pen.lineWidth = 0.3;
    pen.stroke(path);
  } else {
    pen.fillStyle = entry.colour;
    pen.fill(path);
    pen.lineWidth = 0.22;
    pen.strokeStyle = look.text;
    pen.stroke(path);
  }
  return canvas;
};
