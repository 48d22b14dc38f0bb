// The phone's location, once, requested by a tap. Browsers use WGS-84; the datum goes with every coordinate.

const WITHIN = 15_000;

/** @returns {Promise<{lat: number, lon: number, datum: string, accuracy: number}>} throws with "denied" or "failed" */
export function locate() {
  return new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(
    ({ coords }) => resolve({ lat: coords.latitude, lon: coords.longitude, datum: 'wgs84', accuracy: Math.round(coords.accuracy) }),
    (error) => reject(new Error(error.code === error.PERMISSION_DENIED ? 'denied' : 'failed')),
    { enableHighAccuracy: true, timeout: WITHIN, maximumAge: 60_000 }));
}

/** Whether location is available: browsers reveal it only to secure pages. */
export const canLocate = () => 'geolocation' in navigator && isSecureContext;

/** Writes a location to a form's hidden fields, or clears them. @param {HTMLFormElement} form @param {{lat: number, lon: number, datum: string}|null} place */
export function putPlace(form, place) {
  for (const name of /** @type {const} */ (['lat', 'lon', 'datum'])) {
    const field = /** @type {HTMLInputElement|null} */ (form.querySelector(`input[name="${name}"]`));
    if (field) field.value = place ? String(place[name]) : '';
  }
}
