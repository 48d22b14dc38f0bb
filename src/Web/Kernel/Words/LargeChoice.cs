namespace DispatchCenter.Web.Kernel.Words;

/// <summary>长辈版: large print, requested with <c>?print=large</c> and remembered until <c>?print=plain</c>. Rendered by the server; needs no script.</summary>
public static class LargeChoice
{
    public const string QueryKey = "print";
    public const string Large = "large";
    public const string Plain = "plain";

    private static readonly TimeSpan Remembered = TimeSpan.FromDays(365);

    public static IApplicationBuilder UseLargeChoice(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (Match(context.Request.Query[QueryKey]) is { } asked)
        {
            context.Response.Cookies.Append(QueryKey, asked, new CookieOptions
            {
                MaxAge = Remembered,
                SameSite = SameSiteMode.Lax,
                HttpOnly = true,
                Secure = context.Request.IsHttps,
                IsEssential = true,
            });
        }

        return next(context);
    });

    public static bool Of(HttpRequest request) => (Match(request.Query[QueryKey]) ?? Match(request.Cookies[QueryKey])) == Large;

    private static string? Match(string? asked) => asked is Large or Plain ? asked : null;
}
