import { styles as card } from './card.styles.ts';
import { styles as frame } from './frame.styles.ts';

/** Each file also folds what is its own when the place is small. Screens that come later bring theirs. */
export const styles = [frame, card];
