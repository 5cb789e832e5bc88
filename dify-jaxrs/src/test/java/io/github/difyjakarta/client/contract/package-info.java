/**
 * The client beside Dify's published contract and what a running Dify sent: requests, answers, refusals, and the quirks that
 * concern single calls. What needs the published files reads them where {@code contract.dir} says, and is skipped without.
 */
@NullMarked
package io.github.difyjakarta.client.contract;

import org.jspecify.annotations.NullMarked;
