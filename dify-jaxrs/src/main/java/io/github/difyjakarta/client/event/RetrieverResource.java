package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A chunk of a document that an answer rests on. Dify Service API, "Send Chat Message", {@code retriever_resources}.
 *
 * @param json all of it, as it came
 */
public record RetrieverResource(DifyJson json) {
    /** In the history of messages only, where it is another one in each response. */
    public Optional<String> id() {
        return json.optionalText("id");
    }

    /** The message; in the history of messages only. */
    public Optional<String> messageId() {
        return json.optionalText("message_id");
    }

    /** In the history of messages only. */
    public Optional<Instant> createdAt() {
        return json.time("created_at");
    }

    /** Its rank, from 1. */
    public long position() {
        return json.number("position");
    }

    /** The knowledge base. */
    public String datasetId() {
        return json.text("dataset_id");
    }

    /** The knowledge base's name. */
    public String datasetName() {
        return json.text("dataset_name");
    }

    /** The document. */
    public String documentId() {
        return json.text("document_id");
    }

    /** The document's name. */
    public String documentName() {
        return json.text("document_name");
    }

    /** Such as {@code upload_file}. */
    public String dataSourceType() {
        return json.text("data_source_type");
    }

    /** The chunk. */
    public String segmentId() {
        return json.text("segment_id");
    }

    /** Who asked for it, such as {@code api}. */
    public String retrieverFrom() {
        return json.text("retriever_from");
    }

    /** How well it fits, mostly 0 to 1. */
    public double score() {
        return json.real("score");
    }

    /** How often it was found so far. */
    public long hitCount() {
        return json.number("hit_count");
    }

    /** Its length in words. */
    public long wordCount() {
        return json.number("word_count");
    }

    /** Its place in the document, from 1. */
    public long segmentPosition() {
        return json.number("segment_position");
    }

    /** Of its content. */
    public String indexNodeHash() {
        return json.text("index_node_hash");
    }

    /** Its text. */
    public String content() {
        return json.text("content");
    }

    /** The document's page, where documents have pages. */
    public OptionalLong page() {
        return json.optionalNumber("page");
    }

    /** What the knowledge base's owner says of the document. */
    public DifyJson docMetadata() {
        return json.object("doc_metadata");
    }

    /** Of the document; mostly empty. */
    public String title() {
        return json.text("title");
    }

    /** Files within the chunk, as they came. */
    public List<DifyJson> files() {
        return json.objects("files");
    }

    /** Of the chunk; mostly empty. */
    public String summary() {
        return json.text("summary");
    }
}
