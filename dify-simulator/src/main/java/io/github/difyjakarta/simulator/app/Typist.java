package io.github.difyjakarta.simulator.app;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/** The pieces of one answer, mostly words, and when each is due. Confined to one thread. */
final class Typist implements Iterator<String> {

    /** A writer thinks before the first word, about as long as four words take. */
    private static final int WORDS_OF_THOUGHT = 4;

    private final Iterator<String> words;
    private final int count;
    private final long nanosPerWord;
    private final Random rhythm;
    private final StringBuilder typed = new StringBuilder();
    private final long started = System.nanoTime();
    private long firstWord = started;
    private long due;
    private int done;

    /** Types word by word. */
    Typist(String answer, Duration perWord) {
        this(OrderDesk.words(answer), perWord);
    }

    /** Types these pieces, each in the mean time given. */
    Typist(List<String> pieces, Duration perPiece) {
        this.words = pieces.iterator();
        this.count = pieces.size();
        this.nanosPerWord = perPiece.toNanos();
        this.rhythm = new Random(pieces.hashCode());
        this.due = started + nanosPerWord * WORDS_OF_THOUGHT;
    }

    /** How long a whole answer takes. */
    static Duration time(String answer, Duration perWord) {
        return perWord.multipliedBy(OrderDesk.words(answer).size() + WORDS_OF_THOUGHT);
    }

    /** When the next word, or the end, is due, by {@link System#nanoTime}. */
    long due() {
        return due;
    }

    @Override
    public boolean hasNext() {
        return words.hasNext();
    }

    @Override
    public String next() {
        if (done++ == 0) {
            firstWord = System.nanoTime();
        }
        String word = words.next();
        typed.append(word);
        // Between 0.8 and 1.2 of the mean: nobody types like a clock.
        due += (long) (nanosPerWord * (0.8 + 0.4 * rhythm.nextDouble()));
        return word;
    }

    boolean isHalfDone() {
        return done >= count / 2;
    }

    String typed() {
        return typed.toString();
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    Usage usage(String prompt) {
        return Usage.of(prompt, typed(), age(), Duration.ofNanos(firstWord - started));
    }
}
