/** Seconds that have to pass before something can be done again. */

/** Tells `each` what is left, at once and every second, and calls `done` when nothing is. */
export function countDown(seconds, each, done) {
  const end = performance.now() + 1000 * seconds;
  const timer = setInterval(tick, 1000);
  tick();

  function tick() {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (left > 0) {
      each(left);
    } else {
      clearInterval(timer);
      done();
    }
  }
}

/** Seconds in words: minutes from two of them on. */
export function inWords(seconds, lang) {
  const [value, unit] = seconds < 120 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"];
  return new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "long" }).format(value);
}
