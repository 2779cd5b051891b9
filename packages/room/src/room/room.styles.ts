import { styles as card } from './card.styles.ts';
import { styles as frame } from './frame.styles.ts';
import { styles as live } from './live.styles.ts';
import { styles as small } from './small.styles.ts';

export const styles = [frame, card, live, small];
