using DispatchCenter.Web.Features.Front;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// Rejects requests that the framework would pass to a page as an empty form: a form that could not be read, most likely because
/// it is too large, one with values that cannot be stored, and a method that the page does not support.
/// </summary>
internal sealed class FormGate : IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
    }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (context.HandlerInstance is ErrorModel)
            return;
        var request = context.HttpContext.Request;
        // An error without a field name concerns the whole form.
        if (context.ModelState.TryGetValue(string.Empty, out var whole) && whole.Errors.Count > 0)
            context.Result = new StatusCodeResult(IsTooLarge(context.HttpContext) ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest);
        else if (request.HasFormContentType && Storable.HasNul(request.Form))
            context.Result = new StatusCodeResult(StatusCodes.Status400BadRequest);
        else if (context.HandlerMethod is null && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            context.Result = new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
    {
    }

    private static bool IsTooLarge(HttpContext http) =>
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize is not { } limit || http.Request.ContentLength is not { } length || length > limit;
}
