<%@ taglib prefix="c" uri="jakarta.tags.core" %>
<c:redirect url="/orders"/>
