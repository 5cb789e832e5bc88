package io.github.difyjakarta.rest;

import io.github.difyjakarta.relay.RelayError;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.Optional;
import org.apache.commons.fileupload2.core.DiskFileItem;
import org.apache.commons.fileupload2.core.DiskFileItemFactory;
import org.apache.commons.fileupload2.core.FileItemInput;
import org.apache.commons.fileupload2.core.FileItemInputIterator;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.core.FileUploadSizeException;
import org.apache.commons.fileupload2.jakarta.servlet6.JakartaServletFileUpload;

/**
 * A file on its way in, as the part {@code file} of a form (RFC 7578): its head has come, its bytes are still in the
 * connection, so that nothing of it waits in memory or on a disk.
 *
 * @param name as the browser says; nothing that could be a path
 * @param mediaType as the browser says
 * @param content to be read once
 */
record IncomingFile(String name, String mediaType, FileContent content) {
    private static final String FIELD = "file";

    /** Of the headers of a part; Dify keeps 200 characters of a file's name. */
    private static final int MAX_PART_HEAD = 4 * 1024;

    /** Fields that may come before the file; Dify's clients send one, the user. */
    private static final int MAX_FIELDS = 20;

    /** For those fields, and what lies between the parts. */
    private static final int MAX_REST = 64 * 1024;

    /**
     * Reads a form up to the beginning of its file. Waits for the browser.
     *
     * @param maxBytes of the file
     * @throws Problem with Dify's codes, when there is no file that could be passed on
     */
    static IncomingFile open(HttpServletRequest request, long maxBytes) throws IOException {
        requireForm(request);
        if (request.getContentLengthLong() > maxBytes + MAX_REST) {
            throw tooLarge();
        }
        JakartaServletFileUpload<DiskFileItem, DiskFileItemFactory> form = new JakartaServletFileUpload<>();
        form.setHeaderCharset(StandardCharsets.UTF_8);
        form.setMaxPartHeaderSize(MAX_PART_HEAD);
        form.setMaxSize(maxBytes + MAX_REST);
        try {
            return of(part(form.getItemIterator(request)), maxBytes);
        } catch (FileUploadSizeException e) {
            throw new Problem(RelayError.of(413, "file_too_large", "The request is too large."), e);
        } catch (FileUploadException | InvalidPathException e) {
            throw new Problem(RelayError.of(400, "bad_request", "The request is no well-formed form."), e);
        }
    }

    private static void requireForm(HttpServletRequest request) {
        if (!JakartaServletFileUpload.isMultipartContent(request)) {
            throw new Problem(RelayError.of(
                    415, "unsupported_media_type", "The request must have the type multipart/form-data."));
        }
    }

    /** What comes before the file is dropped; {@code user} above all: it is the caller. */
    private static FileItemInput part(FileItemInputIterator parts) throws IOException {
        for (int field = 0; field <= MAX_FIELDS && parts.hasNext(); field++) {
            FileItemInput part = parts.next();
            if (!part.isFormField() && FIELD.equals(part.getFieldName())) {
                return part;
            }
        }
        throw new Problem(RelayError.of(400, "no_file_uploaded", "Please upload your file."));
    }

    private static IncomingFile of(FileItemInput part, long maxBytes) throws IOException {
        String name = String.valueOf(part.getName());
        if (name.isBlank()) {
            throw new Problem(
                    RelayError.of(400, "filename_not_exists_error", "The specified filename does not exist."));
        }
        if (name.chars().anyMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c))) {
            throw JsonBody.invalid("Filename contains invalid characters");
        }
        String type =
                Optional.ofNullable(part.getContentType()).map(String::strip).orElse("");
        if (!type.matches("[!-~]+/[ -~]+")) {
            throw unsupported("File type not allowed.");
        }
        return new IncomingFile(name, type, FileContent.of(part.getInputStream(), maxBytes));
    }

    /** In lower case and without a dot; empty where there is none. */
    String extension() {
        return UploadRules.extension(name);
    }

    static Problem tooLarge() {
        return new Problem(RelayError.of(413, "file_too_large", "The file is too large."));
    }

    static Problem unsupported(String message) {
        return new Problem(RelayError.of(415, "unsupported_file_type", message));
    }
}
