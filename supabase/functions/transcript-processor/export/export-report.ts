import * as z from 'zod/mini';
import { call, type Rpc } from '../../_shared/database.ts';
import { Refusal } from '../../_shared/refusal.ts';
import { csv } from './csv.ts';
import { markdown } from './markdown.ts';
import { srt } from './srt.ts';
import { ExportedReport, timelineOf, type Part } from './timeline.ts';
import { webvtt } from './webvtt.ts';

/** How each format is written, and what a browser is told that it is. */
const formats: Record<
  'json' | 'vtt' | 'srt' | 'md' | 'csv',
  { type: string; write: (parts: readonly Part[], exported: ExportedReport) => string }
> = {
  json: {
    type: 'application/json',
    write: (_, exported) => `${JSON.stringify(exported, null, 2)}\n`,
  },
  vtt: { type: 'text/vtt', write: webvtt },
  srt: { type: 'application/x-subrip', write: srt },
  md: { type: 'text/markdown', write: markdown },
  csv: { type: 'text/csv', write: csv },
};

/** Asks for a report as a file: the newest version, or an earlier one. */
export const ExportRequest = z.object({
  action: z.literal('export'),
  session_id: z.uuid(),
  format: z.enum(['json', 'vtt', 'srt', 'md', 'csv']),
  revision: z.optional(z.int().check(z.minimum(1))),
});
export type ExportRequest = z.infer<typeof ExportRequest>;

/**
 * A settled conversation as a file.
 *
 * @param rpc with the rights of whoever asks: they decide what there is
 * @throws Refusal not_found where there is no report, or none that they may see
 */
export async function exportReport(rpc: Rpc, request: ExportRequest): Promise<Response> {
  const { session_id, format, revision } = request;
  const exported = await call(
    rpc,
    'report_for_export',
    { p_session: session_id, p_revision: revision ?? null },
    z.nullable(ExportedReport),
  );
  if (exported === null) {
    throw new Refusal('not_found', 'There is no such report, or you may not see it.');
  }
  const { type, write } = formats[format];
  const name = `interview-${session_id.slice(0, 8)}-v${exported.revision}.${format}`;
  return new Response(write(timelineOf(exported), exported), {
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'content-disposition': `attachment; filename="${name}"`,
    },
  });
}
