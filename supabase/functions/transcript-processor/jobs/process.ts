import { call } from '../../_shared/database.ts';
import { buildReport, ReportSource } from '../report.ts';
import type { Run } from './job.ts';

/** Settles a session's conversation into its report. */
export const processTranscript: Run = async ({ rpc }, job) => {
  const source = await call(rpc, 'report_source', { p_session: job.session_id }, ReportSource);
  const report = await buildReport(source);
  await rpc('store_report', { p_session: job.session_id, p_report: report });
};
