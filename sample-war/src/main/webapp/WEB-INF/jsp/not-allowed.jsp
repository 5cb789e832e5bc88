<%@ page contentType="text/html; charset=UTF-8" isErrorPage="true" trimDirectiveWhitespaces="true" %>
<%@ taglib prefix="t" tagdir="/WEB-INF/tags" %>
<t:page title="Not allowed" tab="none">
  <p>Your role does not allow this. <a href="${pageContext.request.contextPath}/orders">All orders</a></p>
</t:page>
