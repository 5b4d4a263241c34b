// The filters of a report. Without this script the page shows everything.
(() => {
  const form = document.getElementById('filters');
  const status = document.getElementById('shown');
  if (!(form instanceof HTMLFormElement) || status === null) return;
  const stories = [...document.querySelectorAll('article')];
  const lanes = [...document.querySelectorAll('.lane')];
  const marks = [...document.querySelectorAll('.lane [data-first]')];

  /** @param {FormData} values @param {string} name */
  const timeOf = (values, name) => {
    const text = values.get(name);
    // the control has no time zone: its time is UTC
    return typeof text === 'string' && text !== '' ? Date.parse(`${text}Z`) : undefined;
  };

  /** @param {Element} element @param {string} name */
  const words = (element, name) =>
    (element.getAttribute(name) ?? '').split(' ').filter((word) => word !== '');

  const apply = () => {
    const values = new FormData(form);
    const severities = new Set(values.getAll('severity'));
    const actor = values.get('actor') ?? '';
    const from = timeOf(values, 'from');
    const until = timeOf(values, 'until');

    /** What has no severity, no actor or no time is shown. @param {Element} element */
    const isShown = (element) => {
      const [own, actors] = [words(element, 'data-severities'), words(element, 'data-actors')];
      const [first, last] = [element.getAttribute('data-first'), element.getAttribute('data-last')];
      return (
        (own.length === 0 || own.some((severity) => severities.has(severity))) &&
        (actor === '' || actors.length === 0 || actors.includes(String(actor))) &&
        (until === undefined || !first || Number(first) < until + 1_000) &&
        (from === undefined || !last || Number(last) >= from)
      );
    };

    let count = 0;
    for (const story of stories) {
      story.hidden = !isShown(story);
      if (!story.hidden) count += 1;
    }
    for (const lane of lanes) {
      lane.classList.toggle('gone', actor !== '' && lane.getAttribute('data-actor') !== String(actor));
    }
    for (const mark of marks) mark.classList.toggle('gone', !isShown(mark));
    status.textContent = `${count} of ${stories.length} shown`;
  };

  form.hidden = false;
  form.addEventListener('input', apply);
  // the controls have their first values after the event
  form.addEventListener('reset', () => setTimeout(apply));
  form.addEventListener('submit', (event) => event.preventDefault());
  // a browser may restore the values of an earlier visit
  addEventListener('pageshow', apply);
})();
