/** What the applications of the tests are made of: ordinary Jakarta EE, and but for one class none of it in need of the drop-in JAR. */
@NullMarked
package io.github.difyjakarta.it.host;

import org.jspecify.annotations.NullMarked;
