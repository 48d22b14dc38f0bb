// Telephone numbers as the server keeps them: one to dial, and one that is asked about before it is sent.

/** A number with an extension behind a hyphen. */
const EXTENDED = /^(\+?\d{7,}|0\d{2,3}-\d{7,8})-(\d{1,6})$/;
const UNUSUAL = 'phone_unusual';

/** The address that calls a number; an extension is dialled after a pause. @param {string} phone */
export function telOf(phone) {
  const [, main = phone, extension = ''] = EXTENDED.exec(phone) ?? [];
  return 'tel:' + main.replace(/[^\d+]/g, '') + (extension && ',' + extension);
}

/** A mainland mobile: the numbers that take a text message for certain. */
const MOBILE = /^1[3-9]\d{9}$/;

/** The address that writes to a number; null where no text is known to arrive. @param {string} phone */
export const smsOf = (phone) => (MOBILE.test(phone) ? 'sms:' + phone : null);

/** The telephone numbers among the values of a form. @param {readonly import('../contracts.js').FieldView[]} fields @param {Record<string, unknown>|undefined} values */
export const phonesIn = (fields, values) => fields.filter((field) => field.kind === 'phone').map((field) => values?.[field.key]);

/**
 * Sends what was refused for an unusual number with the sender's word that it is meant, once the same number is sent again.
 * @template {{refused: string, code?: string}|{value: any}} A
 * @param {(body: Record<string, unknown>) => Promise<A>} send @returns {(body: Record<string, unknown>, phones: unknown[]) => Promise<A>}
 */
export function askedOnce(send) {
  let asked = '';
  return async (body, phones) => {
    const typed = JSON.stringify(phones);
    const answer = await send(asked === typed ? { ...body, anyway: true } : body);
    if ('refused' in answer && answer.code === UNUSUAL) asked = typed;
    return answer;
  };
}
