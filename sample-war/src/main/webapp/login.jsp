<%@ page contentType="text/html; charset=UTF-8" trimDirectiveWhitespaces="true" %>
<%@ taglib prefix="c" uri="jakarta.tags.core" %>
<%@ taglib prefix="t" tagdir="/WEB-INF/tags" %>
<%-- The server forwards here; who is logged in and came by a bookmark goes on. --%>
<c:if test="${pageContext.request.userPrincipal != null}"><c:redirect url="/orders"/></c:if>
<t:page title="Log in" tab="login">
  <jsp:include page="/WEB-INF/jsp/login-form.jsp"/>
</t:page>
