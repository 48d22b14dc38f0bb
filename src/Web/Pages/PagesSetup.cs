using System.Text.Encodings.Web;
using System.Text.Unicode;
using DispatchCenter.Web.Words;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.WebEncoders;

namespace DispatchCenter.Web.Pages;

/// <summary>What the pages need from the host.</summary>
public static class PagesSetup
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton<WordBook>();
        services.AddScoped<Wording>();
        // Without this Razor writes every Chinese character as an entity of eight bytes.
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddRazorPages(options => options.Conventions.AddPageRoute("/Whistle", "/g/{grid}"));
        return services;
    }

    /// <summary>Language choice and error pages in words. Before authentication and the endpoints; the API and the hub keep their own answers.</summary>
    public static WebApplication UsePages(this WebApplication app)
    {
        app.UseLanguageChoice();
        app.UseStatusCodePagesWithReExecute("/error/{0}");
        app.Use(static (context, next) =>
        {
            // Not by UseWhen: a branch has no routing of its own to execute the error page with.
            if (!IsPage(context) && context.Features.Get<IStatusCodePagesFeature>() is { } pages)
                pages.Enabled = false;
            return next(context);
        });
        return app;
    }

    public static WebApplication MapPages(this WebApplication app)
    {
        app.MapRazorPages().WithStaticAssets();
        return app;
    }

    private static bool IsPage(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        && !context.Request.Path.StartsWithSegments("/hubs", StringComparison.Ordinal);
}
