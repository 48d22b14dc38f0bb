namespace DispatchCenter.Web.Kernel.Words;

/// <summary>Remembers a language requested with <c>?lang=</c>. The cookie holds two letters and nothing about the person.</summary>
public static class LanguageChoice
{
    public const string QueryKey = "lang";
    public const string CookieName = "lang";

    private static readonly TimeSpan Remembered = TimeSpan.FromDays(365);

    public static IApplicationBuilder UseLanguageChoice(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (WordBook.Match(context.Request.Query[QueryKey]) is { } language)
        {
            context.Response.Cookies.Append(CookieName, language, new CookieOptions
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
}
