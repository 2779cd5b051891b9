/** Stands for the visualizer in the script-tag file, beside which it lies: a room is whole without it until it is there. */
export const AiInterviewVisualizer = null;
