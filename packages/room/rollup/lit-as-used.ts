import type { Plugin } from 'rollup';

/**
 * What Lit asks while it runs, and the answer that holds in a room. All that follows from an answer, terser finds
 * itself.
 */
const answers: [question: string | RegExp, answer: string][] = [
  // Every browser that has container queries and class static blocks, without which the room does not stand:
  [/\w+\.ShadowRoot&&[^,;]+"replace"in CSSStyleSheet\.prototype/, 'true'],
  [/\w+\.(reactiveElement|litHtml|litElement)PolyfillSupport\b/, 'undefined'],
  ['s.litElementHydrateSupport', 'undefined'],
  // Templates are markup and neither drawings nor formulas,
  ['2===i?"<svg>":3===i?"<math>":""', '""'],
  ['2===i?"</svg>":3===i?"</math>":""', '""'],
  ['2===i||3===i', 'false'],
  ['"number"==typeof s?', 'true?'],
  // have no holes in scripts, styles, titles and text areas,
  [/\by\.test\([^)]+\)/g, 'false'],
  // none in place of attributes or in comments, and use no directives.
  ['t.startsWith(o)&&', 'false&&'],
  ['6===r.type&&', 'false&&'],
  ['for(;-1!==(t=r.data.indexOf(o,t+1));)', 'for(;false;)'],
  [/const o=a\(i\)\?void 0:i\._\$litDirective\$;return [^}]+(?=\}class R)/, 'return i'],
  // Properties are texts and truths, and no decorator makes them.
  ['case Object:case Array:t=null==t?t:JSON.stringify(t)', ''],
  [/case Number:.*?catch\(t\)\{i=null\}/, ''],
  ['null!==t){const s=litPropertyMetadata', 'false){const s=litPropertyMetadata'],
  ['void 0!==t.l&&', 'false&&'],
  [',this.constructor.l?.forEach(t=>t(this))', ''],
  // Styles are made by `css`, and joined of other styles only.
  ['o!==s)throw', 'false)throw'],
  [/if\(!0===t\._\$cssResult\$\)(return t\.cssText;)if.+?page security\."\)/, '$1'],
];

/** Ways into Lit that may need what is taken out. */
const others = /\/(async-|private-)?(directives?|decorators|static|ssr-support|polyfill-support)\b/;

/**
 * Takes out of Lit what no room needs. Its text is that of one version: where another one says it otherwise the build
 * fails, and the answers must be looked at anew.
 */
export function litAsUsed(): Plugin {
  const unasked = new Set(answers);
  return {
    name: 'lit-as-used',
    transform(code, id) {
      const path = /\/node_modules\/(?:@lit|lit-\w+)(\/.+)/.exec(id)?.[1];
      if (path === undefined) return null;
      if (others.test(path)) this.error('A room needs more of Lit than is left of it.');
      let short = code;
      for (const one of answers) {
        const before = short;
        short = short.replace(...one);
        if (short !== before) unasked.delete(one);
      }
      return { code: short, map: null };
    },
    buildEnd(failed) {
      const [one] = unasked;
      if (!failed && one) this.error(`Lit does not ask ${String(one[0])}.`);
    },
  };
}
