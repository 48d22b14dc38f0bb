namespace DispatchCenter.Web.Kernel.Words;

/// <summary>
/// Light or dark mode, remembered if requested with <c>?theme=</c>; otherwise the system's setting, which
/// <c>?theme=auto</c> restores. Rendered by the server, so pages do not flash in the other colours.
/// </summary>
public static class ThemeChoice
{
    public const string QueryKey = "theme";
    public const string CookieName = "theme";
    public const string Day = "day";
    public const string Night = "night";

    private const string Auto = "auto";

    private static readonly TimeSpan Remembered = TimeSpan.FromDays(365);

    public static IApplicationBuilder UseThemeChoice(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (Match(context.Request.Query[QueryKey]) is { } theme)
        {
            // A script changes it too, on pages that must not reload.
            context.Response.Cookies.Append(CookieName, theme, new CookieOptions
            {
                MaxAge = Remembered,
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
                IsEssential = true,
            });
        }

        return next(context);
    });

    /// <summary>For the html element: day, night, or null for the system's setting.</summary>
    public static string? Of(HttpRequest request) =>
        (Match(request.Query[QueryKey]) ?? Match(request.Cookies[CookieName])) is var theme && theme != Auto ? theme : null;

    private static string? Match(string? asked) => asked is Day or Night or Auto ? asked : null;
}
