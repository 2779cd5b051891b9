import { expect, it } from 'vitest';
import { cutByQuestion, rangesOf } from './cut-by-question.ts';

const questions = [
  { id: 'made', wordings: ['What did you design last year?', 'What did you draw?'] },
  { id: 'why', wordings: ['Why?'] },
  { id: 'next', wordings: ['What would you design next year, and for whom?'] },
];
const interviewer = (text: string) => ({ role: 'interviewer', text });
const candidate = (text: string) => ({ role: 'candidate', text });

it('a question is open from the line that puts it to the next', () => {
  const cut = cutByQuestion(
    [
      interviewer('Hello. Are you ready?'),
      candidate('What did you design last year? Ha. Yes.'),
      interviewer('Thank you. What did you design last year?'),
      candidate('A ticket machine.'),
      interviewer('Which part was yours, and why did it take a year?'),
      candidate('The screen.'),
      interviewer('What would you design next year, and for whom?'),
      candidate('A door.'),
    ],
    questions,
  );
  expect(rangesOf(cut, 'made')).toEqual([{ first: 2, last: 5 }]);
  expect(rangesOf(cut, 'why')).toEqual([]);
  expect(rangesOf(cut, 'next')).toEqual([{ first: 6, last: 7 }]);
  expect(cut.questionOf[1]).toBeNull();
});

it('going back gives a question a second stretch, asking again does not', () => {
  const cut = cutByQuestion(
    [
      interviewer('What did you design last year?'),
      interviewer('Put simply: what did you draw?'),
      interviewer('Why?'),
      candidate('Because.'),
      interviewer('What did you design last year?'),
    ],
    questions,
  );
  expect(rangesOf(cut, 'made')).toEqual([
    { first: 0, last: 1 },
    { first: 4, last: 4 },
  ]);
  expect([...cut.asked].map(([index, { again }]) => [index, again])).toEqual([
    [0, false],
    [1, true],
    [2, false],
    [4, false],
  ]);
});

it('of two alike only the one that was put counts, and of two the same the next', () => {
  const alike = [
    { id: 'a', wordings: ['Tell us about your first project here'] },
    { id: 'b', wordings: ['Tell us about your second project here'] },
    { id: 'c', wordings: ['Tell us about your second project here'] },
  ];
  const second = interviewer('Tell us about your second project here.');
  expect(cutByQuestion([second, second], alike).questionOf).toEqual(['b', 'c']);
});

it('knows words that carry marks', () => {
  const hindi = [{ id: 'h', wordings: ['आपने पिछले साल क्या बनाया था'] }];
  expect(cutByQuestion([interviewer('आपने पिछले साल क्या बनाया था?')], hindi).questionOf).toEqual([
    'h',
  ]);
});
