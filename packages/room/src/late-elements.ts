/** Stand for elements in the script-tag file, beside which they lie: a room is whole without them until they are there. */
export const AiInterviewTranscript = null;
export const AiInterviewVisualizer = null;
