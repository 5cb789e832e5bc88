package io.github.difyjakarta.client.config;

import java.nio.file.Path;

/**
 * A file with certificates or keys, in PKCS #12 or JKS: what the JDK's {@code keytool} writes.
 *
 * @param path of the file
 * @param password of the file and of the keys in it; never printed
 */
public record KeyStoreFile(Path path, String password) {
    @Override
    public String toString() {
        return "KeyStoreFile[" + path + "]";
    }
}
