import { describe, expect, it } from 'vitest';
import { logLine } from './log-line.ts';

describe('logLine', () => {
  it('is one object a line, without what must stand in no log', () => {
    const fault = 'Error: no user ana@example.com\nfor eyJhbGciOiJIUzI1NiJ9.e30.c2ln';
    const line = logLine('interview-start', { request_id: 'r1', fault });
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({
      function: 'interview-start',
      request_id: 'r1',
      fault: 'Error: no user (e-mail)\nfor (token)',
    });
  });
});
