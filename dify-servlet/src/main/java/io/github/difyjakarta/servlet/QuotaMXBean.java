package io.github.difyjakarta.servlet;

import java.util.Map;

/**
 * What an administrator sees of an application's quotas by JMX, as {@code io.github.difyjakarta:type=Quotas,context=/shop}: totals
 * of this node since the application started, and of nobody in particular.
 *
 * @see io.github.difyjakarta.quota.QuotaTotals
 */
public interface QuotaMXBean {

    /** Requests and messages that passed. */
    long getAdmitted();

    /** Those that were refused, by all limits together. */
    long getRefused();

    /** How often each limit has refused, by the name of its setting; zeros included. */
    Map<String, Long> getRefusedBySetting();

    /** Streams at this moment. */
    long getRunning();

    /** Tokens of the model that were charged, where tokens are limited. */
    long getTokens();

    /** Requests that passed uncounted, since a shared store did not answer. */
    long getUncounted();

    /** Answers that did not begin, since a shared store did not say what is left of a budget. */
    long getUnavailable();

    /** Whether the store answered when it was last asked. */
    boolean isStoreAnswering();
}
