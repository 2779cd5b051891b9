/* global AudioContext, requestAnimationFrame, cancelAnimationFrame */

/** Speech at a usual distance fills half the meter. */
const GAIN = 4;

/** Shows the level of a stream in a `<meter>`, until what is returned is called. */
export function showLevel(stream, meter) {
  const context = new AudioContext();
  const analyser = new globalThis.AnalyserNode(context, { fftSize: 1024 });
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let frame = 0;
  const draw = () => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    meter.value = Math.min(Math.sqrt(power) * GAIN, 1);
    frame = requestAnimationFrame(draw);
  };
  draw();
  return () => {
    cancelAnimationFrame(frame);
    meter.value = 0;
    void context.close();
  };
}
