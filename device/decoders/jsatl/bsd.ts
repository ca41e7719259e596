/**
 * Blind spot monitor 盲区监测, peripheral 0x67 (T/JSATL 12-2017; the platform's record is item 0x67 of JT/T 808 0x0200). Its
 * report is the common one and adds nothing: alarm id DWORD, flag, type, then the tail. Types 1, 2, 3: something comes near from
 * behind, from behind on the left, from behind on the right.
 */
export const bsdTypes: { readonly [type: number]: string } = {
  1: 'rear-approach',
  2: 'left-rear-approach',
  3: 'right-rear-approach',
}
export const bsdOwnBytes = 0
