package io.github.difyjakarta.simulator.app;

/** The app's limit of answers at the same time. Confined to the event loop. */
final class Slots {

    private final Settings settings;
    private int taken;

    Slots(Settings settings) {
        this.settings = settings;
    }

    /** Takes one, to be given back by {@link #giveBack}. */
    void take() {
        if (taken >= settings.maxActive()) {
            throw tooMany();
        }
        taken++;
    }

    /**
     * Takes one for a run. Since 1.13.0 Dify counts a streamed one for a moment only, and then twice: the limit hardly
     * limits, but a limit of 1 lets nobody in.
     *
     * @return whether it is to be given back
     */
    boolean takeForRun(boolean streamed) {
        if (!streamed || !settings.version().isFrom(1, 13, 0)) {
            take();
            return true;
        }
        if (settings.maxActive() < 2 || taken >= settings.maxActive() - 1) {
            throw tooMany();
        }
        return false;
    }

    void giveBack() {
        taken--;
    }

    private Refusal tooMany() {
        String message = "Too many requests. Please try again later."
                + " The current maximum concurrent requests allowed for " + Modes.APP_ID + " is "
                + settings.maxActive() + ".";
        return settings.behaviour().limitIs429()
                ? Refusal.of(429, "too_many_requests", message)
                : Refusal.invalidParam(message);
    }
}
