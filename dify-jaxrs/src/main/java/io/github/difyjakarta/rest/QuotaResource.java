package io.github.difyjakarta.rest;

import io.github.difyjakarta.client.json.DifyJson;
import io.github.difyjakarta.quota.Policy;
import io.github.difyjakarta.quota.Standing;
import io.github.difyjakarta.relay.RelayError;
import io.github.difyjakarta.servlet.QuotaFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is left for the caller: {@code GET quota}, without taking any of it. */
@Path("quota")
@InOwnApplication
public class QuotaResource {
    @GET
    @Produces("application/json")
    public Response quota(@Context HttpServletRequest request) {
        SiteFilter.require(request);
        List<Standing> standings = QuotaFilter.standings(request)
                .orElseThrow(() -> new Problem(RelayError.of(404, "not_found", "Nothing is limited here.")));
        List<Map<String, Object>> limits =
                standings.stream().map(QuotaResource::limit).toList();
        return Reply.document(DifyJson.write(Map.of("limits", limits))).toResponse();
    }

    /** Times are in seconds; what is held and given back has no window. */
    private static Map<String, Object> limit(Standing standing) {
        Policy policy = standing.policy();
        Map<String, Object> limit = new LinkedHashMap<>();
        limit.put("name", policy.name());
        limit.put("quota", policy.quota());
        limit.put("remaining", standing.remaining());
        if (!policy.window().isZero()) {
            limit.put("window", policy.window().toSeconds());
            limit.put("reset", standing.secondsToMore());
        }
        return limit;
    }
}
