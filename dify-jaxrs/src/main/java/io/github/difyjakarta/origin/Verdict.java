package io.github.difyjakarta.origin;

/** What is to be done with a request, by where it was made. */
public enum Verdict {
    /** Made by a page of this site, by the user's own hand, or by a program. */
    OWN,
    /** Made by a page of another site that is listed: it is told so by CORS headers. */
    LISTED,
    /** Made by a page of another site: 403. */
    OTHER_SITE,
    /** Nothing says who made it, and a form of another site could have: 403. */
    UNPROVEN,
    /** Nothing says who made it, and its body is of a type that forms of another site can send: 415. */
    FORM;

    /** Whether it may go on. */
    public boolean admits() {
        return this == OWN || this == LISTED;
    }
}
