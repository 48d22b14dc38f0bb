// Outlines on a schematic: north is up, and a degree of longitude is as short as it is at the northern edge. Outlines arrive in WGS-84 and stay in it.

/** Of the northern edge, in degrees: less is a point. */
const LEAST = 1e-9;

/**
 * The schematic of the box around these points. @param {readonly (readonly number[])[]} points latitude and longitude @param {number} length of its width, in units
 * @param {boolean} [isLongest] length is that of the longer side instead
 */
export function schematic(points, length, isLongest = false) {
  const [lats, lons] = [points.map((point) => point[0]), points.map((point) => point[1])];
  const [south, north, west, east] = [Math.min(...lats), Math.max(...lats), Math.min(...lons), Math.max(...lons)];
  const narrower = Math.cos((north * Math.PI) / 180);
  const scale = length / Math.max(LEAST, (east - west) * narrower, isLongest ? north - south : 0);
  /** @param {readonly number[]} point */
  const at = ([lat, lon]) => [(lon - west) * narrower * scale, (north - lat) * scale];
  return {
    width: (east - west) * narrower * scale,
    height: (north - south) * scale,
    at,
    /** A closed path. @param {readonly (readonly number[])[]} outline */
    path: (outline) => 'M' + outline.map((point) => at(point).map((n) => n.toFixed(1)).join(' ')).join('L') + 'Z',
  };
}
