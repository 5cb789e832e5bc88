package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;
import java.util.List;
import java.util.OptionalLong;

/**
 * An event of a knowledge pipeline's datasource node that is run alone. Such events have no ids. From Dify 1.13 on; Dify
 * Service API, "Run Datasource Node".
 */
public sealed interface DatasourceEvent extends DifyEvent {
    /**
     * {@code datasource_processing}.
     *
     * @param total pages or files there are, where it is known
     * @param completed of these
     */
    record Processing(DifyFrame frame, OptionalLong total, OptionalLong completed) implements DatasourceEvent {}

    /**
     * {@code datasource_completed}.
     *
     * @param data what was found: pages, files or documents, as they came
     * @param total pages or files there were, where it is known
     * @param completed of these
     * @param seconds it took; 0 where Dify did not say
     */
    record Completed(DifyFrame frame, List<DifyJson> data, OptionalLong total, OptionalLong completed, double seconds)
            implements DatasourceEvent {}

    /**
     * {@code datasource_error}: the last event of a run that failed.
     *
     * @param error why; free text
     */
    record Failed(DifyFrame frame, String error) implements DatasourceEvent {}
}
